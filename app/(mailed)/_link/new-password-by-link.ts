import "server-only";
import { refusalWords, troubleWords } from "@/app/_forms/refusal-words";
import { fieldText, thisAttempt } from "@/app/_forms/sent-form";
import { LINK_OVER_WORDS, type LinkFormState } from "@/app/(mailed)/_link/state";
import type { UnfitPassword } from "@/lib/auth/password-rules";
import type { Busy } from "@/lib/auth/password-threads";
import type { Device } from "@/lib/device";
import type { LinkOver } from "@/lib/mail/one-time-tokens";
import { isRefused } from "@/lib/refused";
import { fieldErrors } from "@/lib/request/body";
import { currentDevice } from "@/lib/request/client";
import { forgetMailedToken, type LinkPath, mailedToken } from "@/lib/request/mailed-links";
import { NewPasswordInput } from "@/lib/users/input";
import type { User } from "@/lib/users/user";

type SetByLink = (
  given: { token: string; newPassword: string },
  device: Device,
  now: Date,
) => Promise<User | LinkOver | UnfitPassword | Busy>;

/** Sets a password by a mail's link; null where it is done, else what the form is to show. */
export async function newPasswordByLink(
  path: LinkPath,
  previous: LinkFormState,
  form: FormData,
  set: SetByLink,
): Promise<LinkFormState | null> {
  const attempt = thisAttempt(previous);
  const refused = (why: Partial<LinkFormState>) => ({ errors: {}, refusal: null, ...why, attempt });
  const input = NewPasswordInput.safeParse({
    newPassword: fieldText(form, "newPassword"),
    confirmPassword: fieldText(form, "confirmPassword"),
  });
  if (!input.success) return refused({ errors: fieldErrors(input.error) });
  const token = await mailedToken(path);
  if (!token) return refused({ refusal: LINK_OVER_WORDS });
  try {
    const { newPassword } = input.data;
    const done = await set({ token, newPassword }, await currentDevice(), new Date());
    if (isRefused(done)) return refused(refusalOf(done));
  } catch (error) {
    return refused({ refusal: troubleWords(error) });
  }
  await forgetMailedToken();
  return null;
}

function refusalOf(no: LinkOver | UnfitPassword | Busy): Partial<LinkFormState> {
  switch (no.refused) {
    case "link_over":
      return { refusal: LINK_OVER_WORDS };
    case "busy":
      return { refusal: refusalWords(no) };
    case "unfit_password":
      return { errors: { newPassword: [no.fault] } };
  }
}
