import type { Method } from "@/lib/db/method-list";

const WORDS: Record<Method, string> = {
  password: "password",
  totp: "authenticator app",
  recovery_code: "recovery code",
  passkey: "passkey",
  django: "Django",
};

const LIST = new Intl.ListFormat("en", { type: "conjunction" });

/** How somebody proved who they are: "password and authenticator app"; empty where it was not noted. */
export function methodWords(methods: readonly Method[]): string {
  return LIST.format(methods.map((method) => WORDS[method]));
}
