import { z } from "zod";
import { keptLetter, showsKeptMail } from "@/app/dev/mail/kept-letter";
import { findMail } from "@/lib/mail/outbox";
import { withoutSession } from "@/lib/request/handler";
import { notFoundProblem, text } from "@/lib/request/problem";
import { sandboxResponse } from "@/lib/request-scope";

/** A kept mail as a mail reader draws it: it runs nothing, and loads nothing. */
export const GET = withoutSession(async (request) => {
  const id = z.uuid().safeParse(new URL(request.url).searchParams.get("id"));
  if (!id.success || !(await showsKeptMail())) return notFoundProblem();
  const mail = await findMail(id.data);
  const letter = mail && (await keptLetter(mail));
  if (!letter) return notFoundProblem();
  sandboxResponse();
  return text(letter.html, "text/html");
});
