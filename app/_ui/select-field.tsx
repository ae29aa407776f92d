import { type ComponentProps, useId } from "react";
import { describedBy, Field, type FieldText, INPUT_CLASS } from "@/app/_ui/field";

type SelectFieldProps = FieldText & Omit<ComponentProps<"select">, "id" | "className">;

export function SelectField({ label, hint, error, children, ...select }: SelectFieldProps) {
  const id = useId();
  return (
    <Field id={id} label={label} hint={hint} error={error}>
      <select
        {...select}
        id={id}
        className={INPUT_CLASS}
        aria-invalid={error ? true : undefined}
        aria-describedby={describedBy(id, { hint, error })}
      >
        {children}
      </select>
    </Field>
  );
}
