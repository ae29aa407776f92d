"use client";

import type { MouseEvent, ReactNode } from "react";
import { useFormStatus } from "react-dom";
import { type ButtonVariant, buttonClass } from "@/app/_ui/button-class";

type SubmitButtonProps = {
  variant?: ButtonVariant;
  className?: string;
  pendingLabel?: string;
  /** Sent with the form where this is the button that was pressed. */
  name?: string;
  value?: string;
  children: ReactNode;
};

export function SubmitButton({
  variant,
  className,
  pendingLabel,
  name,
  value,
  children,
}: SubmitButtonProps) {
  const { pending } = useFormStatus();

  // aria-disabled instead of disabled: a disabled button drops the keyboard focus to the body.
  function refuseSecondPress(event: MouseEvent) {
    if (pending) event.preventDefault();
  }

  return (
    <button
      type="submit"
      name={name}
      value={value}
      className={buttonClass(variant, className)}
      aria-disabled={pending}
      onClick={refuseSecondPress}
    >
      {pending && pendingLabel ? pendingLabel : children}
    </button>
  );
}
