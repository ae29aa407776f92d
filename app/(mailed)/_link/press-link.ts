import "server-only";
import { troubleWords } from "@/app/_forms/refusal-words";
import { thisAttempt } from "@/app/_forms/sent-form";
import { LINK_OVER_WORDS, type LinkFormState } from "@/app/(mailed)/_link/state";
import type { Device } from "@/lib/device";
import type { LinkOver } from "@/lib/mail/one-time-tokens";
import { isRefused } from "@/lib/refused";
import { currentDevice } from "@/lib/request/client";
import { forgetMailedToken, type LinkPath, mailedToken } from "@/lib/request/mailed-links";
import type { User } from "@/lib/users/user";

type DoneByLink = (token: string, device: Device, now: Date) => Promise<User | LinkOver>;

/** Does what a mail's link is for; null where it is done, else what the form is to show. */
export async function pressLink(
  path: LinkPath,
  previous: LinkFormState,
  work: DoneByLink,
): Promise<LinkFormState | null> {
  const attempt = thisAttempt(previous);
  const refused = (refusal: string): LinkFormState => ({ errors: {}, refusal, attempt });
  const token = await mailedToken(path);
  if (!token) return refused(LINK_OVER_WORDS);
  try {
    if (isRefused(await work(token, await currentDevice(), new Date())))
      return refused(LINK_OVER_WORDS);
  } catch (error) {
    return refused(troubleWords(error));
  }
  await forgetMailedToken();
  return null;
}
