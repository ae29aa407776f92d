import { type ComponentProps, useId } from "react";

type CheckboxFieldProps = Omit<ComponentProps<"input">, "id" | "type" | "className"> & {
  label: string;
  hint?: string;
};

export function CheckboxField({ label, hint, ...input }: CheckboxFieldProps) {
  const id = useId();
  return (
    <div className="grid grid-cols-[auto_1fr] items-center gap-x-2.5">
      <input
        {...input}
        id={id}
        type="checkbox"
        className="size-4.5 cursor-pointer"
        aria-describedby={hint && `${id}-hint`}
      />
      <label htmlFor={id} className="flex min-h-11 cursor-pointer items-center text-sm text-ink">
        {label}
      </label>
      {hint && (
        <p id={`${id}-hint`} className="col-start-2 -mt-2 text-sm text-muted">
          {hint}
        </p>
      )}
    </div>
  );
}
