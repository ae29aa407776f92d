"use client";

import { useState } from "react";
import { PasswordField } from "@/app/_ui/password-field";
import { StrengthMeter } from "@/app/account/password/strength-meter";
import { useScore } from "@/app/account/password/use-score";

type NewPasswordFieldProps = { error: string | undefined; least: number; ownWords: string[] };

/** The rules are the server's; what is shown while typing is a help. */
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
      <StrengthMeter length={Array.from(typed).length} least={least} score={score} />
    </div>
  );
}
