"use client";

import { useState } from "react";
import { PasswordField } from "@/app/_ui/password-field";
import { levelOf } from "@/app/account/password/strength-level";
import { StrengthMeter } from "@/app/account/password/strength-meter";
import { useScore } from "@/app/account/password/use-score";

type NewPasswordFieldProps = { error: string | undefined; least: number; ownWords: string[] };

/** The rules are the server's; what is shown while typing comes from the same ones. */
export function NewPasswordField({ error, least, ownWords }: NewPasswordFieldProps) {
  const [typed, setTyped] = useState("");
  const score = useScore(typed, ownWords);
  return (
    <div className="space-y-2">
      <PasswordField
        label="New password"
        name="newPassword"
        hint={`${least} characters or more.`}
        error={error}
        autoComplete="new-password"
        onChange={(event) => setTyped(event.target.value)}
        required
      />
      <StrengthMeter {...levelOf(typed, { least, ownWords }, score)} />
    </div>
  );
}
