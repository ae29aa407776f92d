import type { Comparison } from "@/lib/account/hashing-threads";

// Without its version it is of the first one, 16.
const ARGON2 =
  /^\$argon2(?:id|i|d)\$(?:v=(?:16|19)\$)?m=([1-9]\d{0,5}),t=([1-9]\d{0,2}),p=([1-9]\d?)\$[A-Za-z0-9+/]{11,64}\$[A-Za-z0-9+/]{22,86}$/;
// 128 MiB for each thread that checks passwords; Django's own is 100.
const MOST_KIBIBYTES = 2 ** 17;
// A gibibyte written in all: about a second; Django's own is a fifth of it, PHP's a quarter.
const MOST_WORK = 2 ** 20;
const MOST_LANES = 16;

/** `$argon2id$v=…$m=…,t=…,p=…$salt$key`, as all write it. */
export function argon2Comparison(password: string, argon2: string): Comparison | null {
  const [, m, t, p] = ARGON2.exec(argon2) ?? [];
  const [kibibytes, passes, lanes] = [Number(m), Number(t), Number(p)];
  const isBearable = kibibytes <= MOST_KIBIBYTES && kibibytes * passes <= MOST_WORK;
  // Argon2 itself asks for 8 blocks a lane.
  if (!isBearable || lanes > MOST_LANES || kibibytes < 8 * lanes) return null;
  return { kind: "argon2", password, argon2 };
}
