"use client";

import { type RefObject, useCallback, useEffect, useState } from "react";
import { Button } from "@/app/_ui/button";
import { Notice } from "@/app/_ui/notice";
import { useHydrated } from "@/app/_ui/use-hydrated";

type PasskeySignInProps = {
  returnTo: string;
  /** The field in which the browser offers them, too, and what is called before it does. */
  offer?: { readonly field: RefObject<HTMLInputElement | null>; readonly begin: () => void };
};

// A challenge is good for five minutes.
const ANEW_MS = 240_000;
/** What says that somebody comes to the field: a page that is only opened asks for no challenge. */
const SIGNS = ["pointerenter", "pointerdown", "keyup"] as const;

/** Signs in by a passkey, with nothing typed; not there without scripts, which passkeys need. */
export function PasskeySignIn({ returnTo, offer }: PasskeySignInProps) {
  const [trouble, setTrouble] = useState<string | null>(null);

  const signIn = useCallback(
    async (isByField: boolean) => {
      const { startAuthentication } = await import("@simplewebauthn/browser");
      const optionsJSON = await post({});
      const asked = {
        optionsJSON,
        useBrowserAutofill: isByField,
        verifyBrowserAutofillInput: false,
      };
      const response = await startAuthentication(asked);
      await post({ response });
      window.location.assign(returnTo);
    },
    [returnTo],
  );

  useEffect(() => {
    const field = offer?.field.current;
    if (!field) return;
    let timer: ReturnType<typeof setInterval> | undefined;
    const offerThem = async () => {
      const { browserSupportsWebAuthnAutofill } = await import("@simplewebauthn/browser");
      if (!(await browserSupportsWebAuthnAutofill())) return;
      offer.begin();
      // Whoever types a password lets it be; who chose a passkey that is not known is told.
      const again = () =>
        void signIn(true).catch((error: unknown) => {
          if (error instanceof Refused) setTrouble(REFUSED);
        });
      again();
      timer = setInterval(again, ANEW_MS);
    };
    const begin = () => {
      forget();
      void offerThem();
    };
    const forget = () => {
      for (const sign of SIGNS) field.removeEventListener(sign, begin);
    };
    for (const sign of SIGNS) field.addEventListener(sign, begin);
    return () => {
      forget();
      clearInterval(timer);
    };
  }, [offer, signIn]);

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
        Use a passkey
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
