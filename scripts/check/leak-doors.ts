// Where the thief of a dump would try what is in it.

/** A text that a thief of a dump would try as a cookie's value, and where it comes from. */
export interface Candidate {
  /** "sessions.secret_hash as hex". */
  readonly source: string;
  readonly text: string;
}

/** A way in that a thief would try, and how the app answers there. */
export interface Door {
  readonly open: number;
  readonly shut: number;
  triesOf(candidate: Candidate): Candidate[];
  /** What is asked with a text. */
  asking(text: string, cookieNames: readonly string[]): RequestInit & { readonly path: string };
}

const SESSION: Door = {
  open: 200,
  shut: 401,
  triesOf: (candidate) => [candidate],
  asking: (text, cookieNames) => ({
    path: "/api/session",
    headers: { Cookie: cookieNames.map((name) => `${name}=${text}`).join("; ") },
  }),
};

const TOKEN = /^[\w-]{22}$/;
const TOKEN_BYTES = 16;

/** A link of a mail that sets a password, whose token would be made of what the table holds. */
const LINK: Door = {
  open: 400,
  shut: 404,
  triesOf: ({ source, text }: Candidate) =>
    [text.slice(0, 22), text.slice(-22), ...halvesOf(text)]
      .filter((part) => TOKEN.test(part))
      .map((part) => ({ source: `${source}, as a link's token`, text: part })),
  asking: (token) => ({
    path: `/api/password-resets/${token}`,
    method: "POST",
    headers: { "Content-Type": "application/json", "Sec-Fetch-Site": "same-origin" },
    // Too short for any site: a link that it opens is not used up.
    body: JSON.stringify({ newPassword: "x" }),
  }),
};

function halvesOf(hex: string): string[] {
  const bytes = Buffer.from(/^([0-9a-f]{2}){16,}$/.test(hex) ? hex : "", "hex");
  const halves = [bytes.subarray(0, TOKEN_BYTES), bytes.subarray(-TOKEN_BYTES)];
  return halves.map((half) => half.toString("base64url"));
}

export const DOORS: readonly Door[] = [SESSION, LINK];
