"use client";

import { useCallback, useEffect, useState } from "react";
import { Button } from "@/app/_ui/button";
import { Notice } from "@/app/_ui/notice";
import { useHydrated } from "@/app/_ui/use-hydrated";

type PasskeySignInProps = {
  returnTo: string;
  label: string;
  /** Whether the field of the user name offers them, too. */
  isOffered?: boolean;
};

// A challenge is good for five minutes.
const ANEW_MS = 240_000;

/** Signs in by a passkey, with nothing typed; not there without scripts, which passkeys need. */
export function PasskeySignIn({ returnTo, label, isOffered = false }: PasskeySignInProps) {
  const [trouble, setTrouble] = useState<string | null>(null);

  const signIn = useCallback(
    async (isByField: boolean) => {
      const { startAuthentication } = await import("@simplewebauthn/browser");
      const optionsJSON = await post({});
      const response = await startAuthentication({ optionsJSON, useBrowserAutofill: isByField });
      await post({ response });
      window.location.assign(returnTo);
    },
    [returnTo],
  );

  useEffect(() => {
    if (!isOffered) return;
    const offer = async () => {
      const { browserSupportsWebAuthnAutofill } = await import("@simplewebauthn/browser");
      if (await browserSupportsWebAuthnAutofill()) await signIn(true);
    };
    // Whoever types a password has given up on it; who chose a passkey that is not known is told.
    const begin = () =>
      void offer().catch((error: unknown) => error instanceof Refused && setTrouble(REFUSED));
    begin();
    const timer = setInterval(begin, ANEW_MS);
    return () => clearInterval(timer);
  }, [isOffered, signIn]);

  if (!useHydrated()) return null;
  async function press() {
    setTrouble(null);
    try {
      await signIn(false);
    } catch (error) {
      setTrouble(error instanceof Refused ? REFUSED : NONE);
    }
  }

  return (
    <div className="space-y-4">
      {trouble && (
        <Notice role="alert" tone="danger">
          {trouble}
        </Notice>
      )}
      <Button variant="secondary" className="w-full" onClick={press}>
        {label}
      </Button>
    </div>
  );
}

const NONE = "Your browser gave no passkey. Try again, or sign in another way.";
const REFUSED =
  "That passkey isn’t known here, or it took too long. Try again, or sign in another way.";

class Refused extends Error {}

async function post(body: object) {
  const response = await fetch("/api/session/passkey", {
    method: "POST",
    headers: { "Content-Type": "application/json" },
    body: JSON.stringify(body),
  });
  if (!response.ok) throw new Refused();
  return response.json();
}
