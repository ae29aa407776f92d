"use server";

import { refresh } from "next/cache";
import { z } from "zod";
import { troubleWords } from "@/app/_forms/refusal-words";
import { filledIn, sentForm } from "@/app/_forms/sent-form";
import type { Outcome } from "@/app/account/sessions/outcome";
import { forgetTrustedBrowser } from "@/lib/accounts/change-factors";
import { SessionId } from "@/lib/api/fields";
import { endOwn, endOwnOthers } from "@/lib/request/acts";
import type { Current } from "@/lib/request/current";
import { orTurnedAway, requireSession } from "@/lib/request/guards";
import { requireSameOrigin } from "@/lib/request/origin";

const NOT_YOURS = "That isn’t one of your sessions, or it is already gone.";

/**
 * Ends the named session of whoever is signed in, or all their others where none is named; whose it
 * is, and for a proof, the verbs ask. One action, so that what the page says is about the last thing
 * that was done, and of nothing before it.
 */
export async function endAction(_: Outcome | null, form: FormData): Promise<Outcome> {
  await requireSameOrigin();
  const current = await requireSession();
  const sent = sentForm(form);
  return orRefused(() => (sent.has("id") ? endOne(current, sent.get("id")) : endOthers(current)));
}

/** Has a browser that skips the second factor asked for it again. */
export async function forgetBrowserAction(form: FormData): Promise<void> {
  await requireSameOrigin();
  const current = await requireSession();
  const id = filledIn(TrustId, form, "id");
  await orTurnedAway(() => forgetTrustedBrowser(current, id, new Date()));
  refresh();
}

const TrustId = z.uuid();

async function endOne(current: Current, named: unknown): Promise<Outcome> {
  const id = SessionId.safeParse(named);
  const isEnded = id.success && (await endOwn(current, id.data));
  return isEnded
    ? done("That session has ended, and its browser is signed out.")
    : failed(NOT_YOURS);
}

async function endOthers(current: Current): Promise<Outcome> {
  const ended = await endOwnOthers(current);
  return done(ended === 1 ? "One session was ended." : `${ended} sessions were ended.`);
}

async function orRefused(work: () => Promise<Outcome>): Promise<Outcome> {
  try {
    const outcome = await orTurnedAway(work);
    // The list that the page shows is of before.
    refresh();
    return outcome;
  } catch (error) {
    return failed(troubleWords(error));
  }
}

const done = (words: string): Outcome => ({ words, isError: false });
const failed = (words: string): Outcome => ({ words, isError: true });
