import type { ReactNode } from "react";

/** What every labelled field shares: the words around the control and their ids. */
export type FieldText = { label: string; hint?: string | undefined; error?: string | undefined };

export const INPUT_CLASS =
  "block min-h-11 w-full rounded-md border border-field-line bg-surface px-3 py-2 text-base " +
  "text-ink shadow-control placeholder:text-muted " +
  "aria-invalid:border-danger disabled:bg-sunken disabled:text-muted";

export function describedBy(id: string, { hint, error }: Omit<FieldText, "label">, more?: string) {
  const ids = [hint && `${id}-hint`, error && `${id}-error`, more].filter(Boolean);
  return ids.join(" ") || undefined;
}

type FieldProps = FieldText & { id: string; children: ReactNode };

export function Field({ id, label, hint, error, children }: FieldProps) {
  return (
    <div className="space-y-1.5">
      <label htmlFor={id} className="block text-sm font-medium text-ink">
        {label}
      </label>
      {children}
      {hint && (
        <p id={`${id}-hint`} className="text-sm text-muted">
          {hint}
        </p>
      )}
      {error && (
        <p id={`${id}-error`} className="text-sm font-medium text-danger">
          {error}
        </p>
      )}
    </div>
  );
}
