"use client";

import { useActionState, useEffect, useRef } from "react";
import { Card } from "@/app/_ui/card";
import { Notice } from "@/app/_ui/notice";
import { SubmitButton } from "@/app/_ui/submit-button";
import { TextField } from "@/app/_ui/text-field";
import { TEXT_LINK } from "@/app/_ui/text-link";
import { changeFactorsAction } from "@/app/account/factors/actions";
import { type Making, Passkeys, type ShownPasskey } from "@/app/account/factors/passkeys";
import { RecoveryCodes } from "@/app/account/factors/recovery-codes";
import { type FactorsState, INITIAL_STATE, type ShownSetUp } from "@/app/account/factors/state";
import { TotpSetUpSteps } from "@/app/account/factors/totp-set-up-steps";

type FactorFormsProps = {
  /** Null where an app is set up. */
  setUp: ShownSetUp | null;
  since: string | null;
  codesLeft: number;
  passkeys: readonly ShownPasskey[];
  making: Making;
  /** Where to prove it by a factor before another can be added; null where that is done. */
  proveFirst: string | null;
};

const DONE: Record<NonNullable<FactorsState["about"]>, string> = {
  add: "Your authenticator app is set up. All your other devices were signed out.",
  remove: "Your authenticator app was removed. All your other devices were signed out.",
  renew: "These are your new recovery codes. The ones from before no longer work.",
  add_passkey: "Your passkey was added. All your other devices were signed out.",
  rename_passkey: "Your passkey has its new name.",
  remove_passkey: "Your passkey was removed. All your other devices were signed out.",
};

/** The forms share one state, so that what a change gave stays while the page around it changes. */
export function FactorForms({
  setUp,
  since,
  codesLeft,
  passkeys,
  making,
  proveFirst,
}: FactorFormsProps) {
  const [state, action] = useActionState(changeFactorsAction, INITIAL_STATE);
  const { about, error, isDone, recoveryCodes, attempt } = state;
  const forms = useRef<HTMLDivElement>(null);

  // An action's answer leaves the focus on the body; it belongs on what came of the try.
  useEffect(() => {
    if (attempt === 0) return;
    forms.current?.querySelector<HTMLElement>('[aria-invalid="true"], [data-outcome]')?.focus();
  }, [attempt]);

  const errorOf = (form: FactorsState["about"]) =>
    about === form && error !== null ? error : undefined;
  return (
    <div ref={forms} className="space-y-5">
      {isDone && about && (
        <div data-outcome tabIndex={-1} className="space-y-5">
          <Notice role="status" tone="success">
            {DONE[about]}
          </Notice>
          {recoveryCodes.length > 0 && <RecoveryCodes codes={recoveryCodes} />}
        </div>
      )}
      {proveFirst && (
        <Notice>
          To add another factor,{" "}
          <a href={proveFirst} className={TEXT_LINK}>
            prove it’s you with one that you have
          </a>
          .
        </Notice>
      )}
      {setUp && !proveFirst && (
        <Card title="Authenticator app">
          <form action={action} aria-label="Set up an authenticator app" className="space-y-5">
            <TotpSetUpSteps setUp={state.setUp ?? setUp} />
            <input type="hidden" name="about" value="add" />
            <input type="hidden" name="setUp" value={(state.setUp ?? setUp).sealed} />
            <CodeField label="Code from the app" error={errorOf("add")} />
            <SubmitButton className="w-full sm:w-auto" pendingLabel="Checking…">
              Turn it on
            </SubmitButton>
          </form>
        </Card>
      )}
      {!setUp && (
        <Card title="Authenticator app">
          <form action={action} aria-label="Remove the authenticator app" className="space-y-5">
            <p className="text-sm text-muted">
              Set up on {since}. To remove it, give a code that it shows now, or a recovery code.
            </p>
            <input type="hidden" name="about" value="remove" />
            <CodeField label="Code" error={errorOf("remove")} />
            <SubmitButton variant="danger" pendingLabel="Removing…">
              Remove the app
            </SubmitButton>
          </form>
        </Card>
      )}
      <Passkeys
        passkeys={passkeys}
        making={proveFirst ? null : making}
        send={action}
        error={about?.endsWith("_passkey") ? error : null}
      />
      {(!setUp || passkeys.length > 0) && (
        <Card title="Recovery codes">
          <form action={action} aria-label="Make new recovery codes" className="space-y-5">
            <p className="text-sm text-muted">
              {codesLeft === 1 ? "One code is" : `${codesLeft} codes are`} left. Each signs you in
              once where you don’t have your app. New ones take the place of all of them.
            </p>
            <input type="hidden" name="about" value="renew" />
            <CodeField
              label={setUp ? "One of your recovery codes" : "Code from the app"}
              error={errorOf("renew")}
            />
            <SubmitButton variant="secondary" pendingLabel="Making…">
              Make new codes
            </SubmitButton>
          </form>
        </Card>
      )}
    </div>
  );
}

function CodeField({ label, error }: { label: string; error: string | undefined }) {
  return (
    <TextField
      label={label}
      name="code"
      autoComplete="one-time-code"
      autoCapitalize="none"
      autoCorrect="off"
      spellCheck={false}
      error={error}
      required
    />
  );
}
