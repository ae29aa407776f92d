"use server";

import { z } from "zod";
import { refusalWords, troubleWords } from "@/app/_forms/refusal-words";
import { fieldText, filledIn, thisAttempt } from "@/app/_forms/sent-form";
import { shownSetUp } from "@/app/account/factors/shown-set-up";
import { type FactorsState, INITIAL_STATE } from "@/app/account/factors/state";
import { openTotpSetUp } from "@/lib/accounts/change-factors";
import { isRefused } from "@/lib/refused";
import { addTotpHere, removeTotpHere, renewRecoveryCodesHere } from "@/lib/request/change-factors";
import type { Current } from "@/lib/request/current";
import { orTurnedAway, requireSession } from "@/lib/request/guards";
import { requireSameOrigin } from "@/lib/request/origin";

const WRONG = "That code isn’t right, or was used before. Enter the one that your app shows now.";
const WRONG_FIRST =
  "That code isn’t the one your app should show now. Check that the clock of your phone is right, and try the next one.";
const TOO_OLD = "That took more than an hour. Scan the new picture, and enter the code it gives.";
const THERE = "An authenticator app is set up already. Remove it first.";
const NO_CODE = "Give a code.";

const About = z.enum(["add", "remove", "renew"]);

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
  const about = filledIn(About, form, "about");
  const code = fieldText(form, "code").trim();
  const result = await resultOf(current, about, code, fieldText(form, "setUp"));
  return { ...INITIAL_STATE, ...result, about, attempt };
}

type Result = Partial<Omit<FactorsState, "about" | "attempt">>;

async function resultOf(
  current: Current,
  about: z.output<typeof About>,
  code: string,
  sealed: string,
): Promise<Result> {
  try {
    switch (about) {
      case "add":
        return await addByCode(current, code, sealed);
      case "remove":
        return code ? await changeByCode(() => removeTotpHere(current, code)) : { error: NO_CODE };
      case "renew":
        return code
          ? await changeByCode(() => renewRecoveryCodesHere(current, code))
          : { error: NO_CODE };
    }
  } catch (error) {
    return { error: troubleWords(error) };
  }
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
