"use client";

import type { MouseEvent, ReactNode } from "react";
import { useFormStatus } from "react-dom";
import { type ButtonVariant, buttonClass } from "@/app/_ui/button-class";

type SubmitButtonProps = {
  variant?: ButtonVariant;
  className?: string;
  pendingLabel?: string;
  children: ReactNode;
};

export function SubmitButton({ variant, className, pendingLabel, children }: SubmitButtonProps) {
  const { pending } = useFormStatus();

  // aria-disabled instead of disabled: a disabled button drops the keyboard focus to the body.
  function refuseSecondPress(event: MouseEvent) {
    if (pending) event.preventDefault();
  }

  return (
    <button
      type="submit"
      className={buttonClass(variant, className)}
      aria-disabled={pending}
      onClick={refuseSecondPress}
    >
      {pending && pendingLabel ? pendingLabel : children}
    </button>
  );
}
