"use server";

import { refresh } from "next/cache";
import { z } from "zod";
import { refusalWords, troubleWords } from "@/app/_forms/refusal-words";
import { fieldText, filledIn, thisAttempt } from "@/app/_forms/sent-form";
import { shownSetUp } from "@/app/account/factors/shown-set-up";
import { ABOUT, type About, type FactorsState, INITIAL_STATE } from "@/app/account/factors/state";
import { openTotpSetUp } from "@/lib/accounts/change-factors";
import { renamePasskey } from "@/lib/accounts/change-passkeys";
import { deviceWords } from "@/lib/device";
import { NewPasskey } from "@/lib/factors/passkey-json";
import { isRefused } from "@/lib/refused";
import {
  addPasskeyHere,
  addTotpHere,
  removePasskeyHere,
  removeTotpHere,
  renewRecoveryCodesHere,
} from "@/lib/request/change-factors";
import { currentDevice } from "@/lib/request/client";
import type { Current } from "@/lib/request/current";
import { orTurnedAway, requireSession } from "@/lib/request/guards";
import { requireSameOrigin } from "@/lib/request/origin";
import { fromField, openChallenge } from "@/lib/request/passkey";

const WRONG = "That code isn’t right, or was used before. Enter the one that your app shows now.";
const WRONG_FIRST =
  "That code isn’t the one your app should show now. Check that the clock of your phone is right, and try the next one.";
const TOO_OLD = "That took more than an hour. Scan the new picture, and enter the code it gives.";
const THERE = "An authenticator app is set up already. Remove it first.";
const NO_CODE = "Give a code.";
const UNFIT = "That passkey can’t be used here, or it took too long. Try again.";
const TOO_MANY = "You have as many passkeys as an account can have. Remove one first.";
const GONE = "That passkey isn’t there any more.";

const AboutField = z.enum(ABOUT);

/**
 * Adds or removes the authenticator app, or makes new recovery codes, and shows what came of it. The
 * codes stand in this one response and nowhere else.
 */
export async function changeFactorsAction(
  previous: FactorsState,
  form: FormData,
): Promise<FactorsState> {
  await requireSameOrigin();
  const current = await requireSession({ fresh: true, allowWithoutFactor: true });
  const attempt = thisAttempt(previous);
  const about = filledIn(AboutField, form, "about");
  const result = await resultOf(current, about, form);
  return { ...INITIAL_STATE, ...result, about, attempt };
}

type Result = Partial<Omit<FactorsState, "about" | "attempt">>;

async function resultOf(current: Current, about: About, form: FormData): Promise<Result> {
  const code = fieldText(form, "code").trim();
  try {
    switch (about) {
      case "add":
        return await addByCode(await requireAdding(current), code, fieldText(form, "setUp"));
      case "remove":
        return code ? await changeByCode(() => removeTotpHere(current, code)) : { error: NO_CODE };
      case "renew":
        return code
          ? await changeByCode(() => renewRecoveryCodesHere(current, code))
          : { error: NO_CODE };
      case "add_passkey":
        return await addMade(await requireAdding(current), form);
      case "rename_passkey":
        return await rename(current, form);
      case "remove_passkey":
        return await remove(filledIn(z.uuid(), form, "id"));
    }
  } catch (error) {
    return { error: troubleWords(error) };
  }
}

const PasskeyName = z
  .string()
  .trim()
  .normalize("NFC")
  .max(100)
  .regex(/^\P{Cc}*$/u);

// "Chrome on Linux" for who gives none.
async function nameIn(form: FormData): Promise<string> {
  const name = PasskeyName.safeParse(fieldText(form, "name")).data;
  return name || deviceWords((await currentDevice()).userAgent).name;
}

// Where there is a factor, by one in the last proof: the page offers nothing else before.
async function requireAdding({ user }: Current): Promise<Current> {
  const factor = user.factorsChangedAt === null ? {} : ({ factor: true } as const);
  return requireSession({ fresh: true, allowWithoutFactor: true, ...factor });
}

async function addMade(current: Current, form: FormData): Promise<Result> {
  const made = fromField(NewPasskey, fieldText(form, "made"));
  const challenge = await openChallenge(fieldText(form, "setUp"), current.session, new Date());
  if (!made || !challenge) return { error: UNFIT };
  const passkey = { made, challenge, name: await nameIn(form) };
  const added = await orTurnedAway(() => addPasskeyHere(current, passkey));
  if (!isRefused(added)) return { isDone: true, recoveryCodes: added.recoveryCodes };
  return { error: added.refused === "unfit_passkey" ? UNFIT : TOO_MANY };
}

async function rename(current: Current, form: FormData): Promise<Result> {
  const passkey = { id: filledIn(z.uuid(), form, "id"), name: await nameIn(form) };
  const isNamed = await orTurnedAway(() => renamePasskey(current, passkey, new Date()));
  refresh();
  return isNamed ? { isDone: true } : { error: GONE };
}

// By a second factor in the last proof: who gave a password alone is asked for one, and presses again.
async function remove(id: string): Promise<Result> {
  const needed = { fresh: true, factor: true, allowWithoutFactor: true } as const;
  const current = await requireSession(needed);
  const isGone = await orTurnedAway(() => removePasskeyHere(current, id));
  return isGone ? { isDone: true } : { error: GONE };
}

async function addByCode(current: Current, code: string, sealed: string): Promise<Result> {
  const setUp = await openTotpSetUp(current, sealed, new Date());
  if (!setUp) return { error: TOO_OLD };
  const added = await orTurnedAway(() => addTotpHere(current, setUp, code));
  if (!isRefused(added)) return { isDone: true, recoveryCodes: added.recoveryCodes };
  if (added.refused === "factor_there") return { error: THERE };
  return { error: code ? WRONG_FIRST : NO_CODE, setUp: shownSetUp(setUp) };
}

type Change = typeof removeTotpHere;

async function changeByCode(change: () => ReturnType<Change>): Promise<Result> {
  const changed = await orTurnedAway(change);
  if (!isRefused(changed)) return { isDone: true, recoveryCodes: changed.recoveryCodes };
  return { error: changed.refused === "wrong" ? WRONG : refusalWords(changed) };
}
