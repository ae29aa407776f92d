"use client";

import type { PublicKeyCredentialCreationOptionsJSON } from "@simplewebauthn/browser";
import { type ReactNode, startTransition, useState } from "react";
import { Button } from "@/app/_ui/button";
import { Card } from "@/app/_ui/card";
import { Notice } from "@/app/_ui/notice";
import { SubmitButton } from "@/app/_ui/submit-button";
import { TextField } from "@/app/_ui/text-field";
import { useHydrated } from "@/app/_ui/use-hydrated";

export interface ShownPasskey {
  readonly id: string;
  readonly name: string;
  readonly facts: ReactNode;
}

/** What the browser makes a new one by. */
export interface Making {
  readonly options: PublicKeyCredentialCreationOptionsJSON;
  /** The sealed challenge, to be sent back. */
  readonly challenge: string;
}

type PasskeysProps = {
  passkeys: readonly ShownPasskey[];
  /** Null where none can be added now. */
  making: Making | null;
  send: (form: FormData) => void;
  error: string | null;
};

const NONE = "Your browser made no passkey. Try again, or use another device.";

/** Those that there are, each to be named and removed, and the way to another. */
export function Passkeys({ passkeys, making, send, error }: PasskeysProps) {
  const [trouble, setTrouble] = useState<string | null>(null);
  const isHydrated = useHydrated();

  async function make(form: FormData, { options }: Making) {
    setTrouble(null);
    try {
      const { startRegistration } = await import("@simplewebauthn/browser");
      form.set("made", JSON.stringify(await startRegistration({ optionsJSON: options })));
      startTransition(() => send(form));
    } catch {
      setTrouble(NONE);
    }
  }

  const said = trouble ?? error;
  return (
    <Card title="Passkeys">
      <div className="space-y-5">
        <p className="text-sm text-muted">
          A passkey signs you in with your fingerprint, your face or your device’s PIN. It can’t be
          guessed, and it works on no other site.
        </p>
        {said && (
          <Notice role="alert" tone="danger">
            {said}
          </Notice>
        )}
        {passkeys.length > 0 && (
          <ul className="divide-y divide-line border-y border-line">
            {passkeys.map((passkey) => (
              <PasskeyRow key={passkey.id} passkey={passkey} send={send} />
            ))}
          </ul>
        )}
        {making && !isHydrated && (
          <p className="text-sm text-muted">To add one, turn on JavaScript.</p>
        )}
        {making && isHydrated && (
          <form
            aria-label="Add a passkey"
            className="space-y-4"
            onSubmit={(event) => {
              event.preventDefault();
              void make(new FormData(event.currentTarget), making);
            }}
          >
            <input type="hidden" name="about" value="add_passkey" />
            <input type="hidden" name="setUp" value={making.challenge} />
            <TextField
              label="Name of the new passkey"
              name="name"
              hint="Such as “Work laptop”. You can leave it empty."
              autoComplete="off"
              maxLength={100}
            />
            <Button type="submit" variant="secondary">
              Add a passkey
            </Button>
          </form>
        )}
      </div>
    </Card>
  );
}

type PasskeyRowProps = { passkey: ShownPasskey; send: (form: FormData) => void };

function PasskeyRow({ passkey: { id, name, facts }, send }: PasskeyRowProps) {
  return (
    <li className="space-y-3 py-4">
      <div>
        <p className="font-medium wrap-break-word">{name}</p>
        <p className="mt-0.5 text-sm text-muted">{facts}</p>
      </div>
      <div className="flex flex-wrap items-end gap-3">
        <form
          action={send}
          aria-label={`Rename ${name}`}
          className="flex flex-wrap items-end gap-3"
        >
          <input type="hidden" name="about" value="rename_passkey" />
          <input type="hidden" name="id" value={id} />
          <TextField
            label="Name"
            name="name"
            defaultValue={name}
            autoComplete="off"
            maxLength={100}
          />
          <SubmitButton variant="secondary" pendingLabel="Saving…">
            Save<span className="sr-only"> the name of {name}</span>
          </SubmitButton>
        </form>
        <form action={send} aria-label={`Remove ${name}`}>
          <input type="hidden" name="about" value="remove_passkey" />
          <input type="hidden" name="id" value={id} />
          <SubmitButton variant="secondary" pendingLabel="Removing…">
            Remove<span className="sr-only"> {name}</span>
          </SubmitButton>
        </form>
      </div>
    </li>
  );
}
