"use client";

import type { PublicKeyCredentialRequestOptionsJSON } from "@simplewebauthn/browser";
import { startTransition, useActionState, useState } from "react";
import { Button } from "@/app/_ui/button";
import { Notice } from "@/app/_ui/notice";
import { useHydrated } from "@/app/_ui/use-hydrated";
import { reauthenticateAction } from "@/app/reauthenticate/actions";
import { INITIAL_STATE } from "@/app/reauthenticate/state";

type PasskeyProofFormProps = {
  returnTo: string;
  options: PublicKeyCredentialRequestOptionsJSON;
  /** The sealed challenge, to be sent back. */
  challenge: string;
};

/** The way to prove it by a passkey; not there without scripts, which passkeys need. */
export function PasskeyProofForm({ returnTo, options, challenge }: PasskeyProofFormProps) {
  const [{ error }, send, isPending] = useActionState(reauthenticateAction, INITIAL_STATE);
  const [trouble, setTrouble] = useState<string | null>(null);
  if (!useHydrated()) return null;

  async function prove() {
    setTrouble(null);
    try {
      const { startAuthentication } = await import("@simplewebauthn/browser");
      const signed = await startAuthentication({ optionsJSON: options });
      const form = new FormData();
      form.set("passkey", JSON.stringify(signed));
      form.set("challenge", challenge);
      form.set("returnTo", returnTo);
      startTransition(() => send(form));
    } catch {
      setTrouble("Your browser gave no passkey. Try again, or use another way.");
    }
  }

  const said = trouble ?? error;
  return (
    <div className="space-y-4 border-t border-line pt-5">
      {said && (
        <Notice role="alert" tone="danger">
          {said}
        </Notice>
      )}
      <Button variant="secondary" className="w-full" onClick={prove} aria-disabled={isPending}>
        Use a passkey
      </Button>
    </div>
  );
}
