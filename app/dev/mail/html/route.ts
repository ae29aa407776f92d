import { z } from "zod";
import { keptLetter } from "@/app/dev/mail/kept-letter";
import { findMail, mailWay } from "@/lib/mail/outbox";
import { withoutSession } from "@/lib/request/handler";
import { notFoundProblem, sandboxed } from "@/lib/request/problem";

/** A kept mail as a mail reader draws it: it runs nothing, and loads nothing. */
export const GET = withoutSession(async (request) => {
  const id = z.uuid().safeParse(new URL(request.url).searchParams.get("id"));
  if (mailWay() !== "kept" || !id.success) return notFoundProblem();
  const mail = await findMail(id.data);
  const letter = mail && (await keptLetter(mail));
  return letter ? sandboxed(letter.html) : notFoundProblem();
});
