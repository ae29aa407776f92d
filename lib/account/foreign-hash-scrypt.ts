import type { Comparison } from "@/lib/account/hashing-threads";

const SCRYPT = /^([1-9]\d{0,7})\$([^$]{1,128})\$([1-9]\d?)\$([1-9]\d?)\$([A-Za-z0-9+/]{86}==)$/;
// Of 128 bytes each: 64 MiB. Django's own cost is a quarter of it.
const MOST_BLOCKS = 2 ** 19;
// A second or two; Django's own is a sixth of it.
const MOST_WORK = 2 ** 22;

/** `N$salt$r$p$key`, as Django has it behind `scrypt$`. */
export function scryptComparison(password: string, hash: string): Comparison | null {
  const [, n, salt = "", r, p, base64 = ""] = SCRYPT.exec(hash) ?? [];
  const [cost, blockSize, parallelization] = [Number(n), Number(r), Number(p)];
  const blocks = cost * blockSize;
  // scrypt knows no other numbers than powers of two, from 2 on.
  const isPower = cost > 1 && Number.isInteger(Math.log2(cost));
  const isBearable = blocks <= MOST_BLOCKS && blocks * parallelization <= MOST_WORK;
  if (!isPower || !isBearable) return null;
  const key = Buffer.from(base64, "base64");
  return { kind: "scrypt", password, cost, blockSize, parallelization, salt, key };
}
