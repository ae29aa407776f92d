"use client";

import { type ComponentProps, useId, useState } from "react";
import { describedBy, Field, type FieldText, INPUT_CLASS } from "@/app/_ui/field";
import { useHydrated } from "@/app/_ui/use-hydrated";

type PasswordFieldProps = FieldText & Omit<ComponentProps<"input">, "id" | "type" | "className">;

export function PasswordField({ label, hint, error, ...input }: PasswordFieldProps) {
  const id = useId();
  const [isShown, setIsShown] = useState(false);
  const hydrated = useHydrated();
  return (
    <Field id={id} label={label} hint={hint} error={error}>
      <div className="relative">
        <input
          {...input}
          id={id}
          type={isShown ? "text" : "password"}
          className={`${INPUT_CLASS} pr-18`}
          autoCapitalize="none"
          spellCheck={false}
          aria-invalid={error ? true : input["aria-invalid"]}
          aria-describedby={describedBy(id, { hint, error }, input["aria-describedby"])}
        />
        {hydrated && <RevealButton isShown={isShown} onPress={() => setIsShown(!isShown)} />}
      </div>
    </Field>
  );
}

type RevealButtonProps = { isShown: boolean; onPress: () => void };

function RevealButton({ isShown, onPress }: RevealButtonProps) {
  return (
    <button
      type="button"
      onClick={onPress}
      className="absolute inset-y-0 right-0 min-w-16 cursor-pointer rounded-md px-3 text-sm font-medium text-muted hover:text-ink focus-visible:-outline-offset-4"
    >
      {isShown ? "Hide" : "Show"}
      <span className="sr-only"> password</span>
    </button>
  );
}
