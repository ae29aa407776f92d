import { type ComponentProps, useId } from "react";
import { describedBy, Field, type FieldText, INPUT_CLASS } from "@/app/_ui/field";

type TextFieldProps = FieldText & Omit<ComponentProps<"input">, "id" | "className">;

export function TextField({ label, hint, error, ...input }: TextFieldProps) {
  const id = useId();
  return (
    <Field id={id} label={label} hint={hint} error={error}>
      <input
        type="text"
        {...input}
        id={id}
        className={INPUT_CLASS}
        aria-invalid={error ? true : input["aria-invalid"]}
        aria-describedby={describedBy(id, { hint, error }, input["aria-describedby"])}
      />
    </Field>
  );
}
