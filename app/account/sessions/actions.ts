"use server";

import { refresh } from "next/cache";
import { z } from "zod";
import { refusalWords } from "@/app/_session/refusal-words";
import type { Outcome } from "@/app/account/sessions/outcome";
import { endOwn, endOwnOthers } from "@/lib/request/end-sessions";
import {
  orTurnedAway,
  requireRecentProof,
  requireSameOrigin,
  requireSession,
} from "@/lib/request/guards";

const NOT_YOURS = "That is no session of yours, or it is gone already.";
const Id = z.object({ id: z.uuid() });

/** Ends one session of whoever is signed in; whose it is, and for a proof, the verb asks. */
export async function endOneAction(_: Outcome | null, form: FormData): Promise<Outcome> {
  await requireSameOrigin();
  const current = await requireSession();
  const input = Id.safeParse(Object.fromEntries(form));
  if (!input.success) return failed(NOT_YOURS);
  return orRefused(async () =>
    (await endOwn(current, input.data.id))
      ? done("That session is ended. Its browser is signed out.")
      : failed(NOT_YOURS),
  );
}

/** Ends all others; needs a password given lately. */
export async function endOthersAction(): Promise<Outcome> {
  await requireSameOrigin();
  const current = await requireRecentProof();
  return orRefused(async () => {
    const ended = await endOwnOthers(current);
    return done(ended === 1 ? "One session was ended." : `${ended} sessions were ended.`);
  });
}

async function orRefused(work: () => Promise<Outcome>): Promise<Outcome> {
  try {
    const outcome = await orTurnedAway(work);
    // The list that the page shows is of before.
    refresh();
    return outcome;
  } catch (error) {
    return failed(refusalWords(error));
  }
}

const done = (words: string): Outcome => ({ words, isError: false });
const failed = (words: string): Outcome => ({ words, isError: true });
