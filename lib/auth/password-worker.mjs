import { pbkdf2Sync, scryptSync, timingSafeEqual } from "node:crypto";
import { compareSync, hashSync } from "bcryptjs";

// Node's own calls are the synchronous ones: the others would use the thread pool that the rest of
// the process shares.
const WORK = {
  hash: ({ password, rounds }) => hashSync(password, rounds),

  derive: ({ password, iterations, salt, length }) =>
    pbkdf2Sync(password, salt, iterations, length, "sha256"),

  bcrypt: ({ password, bcrypt }) => compareSync(password, bcrypt),

  time: ({ bcrypt }) => {
    // The quickest: the first ones wait for the compiler, and any may wait for the machine.
    const times = Array.from({ length: 5 }, () => {
      const begun = performance.now();
      compareSync("", bcrypt);
      return performance.now() - begun;
    });
    return Math.min(...times);
  },

  pbkdf2: ({ password, digest, iterations, salt, key }) =>
    timingSafeEqual(pbkdf2Sync(password, salt, iterations, key.length, digest), key),

  scrypt: ({ password, cost, blockSize, parallelization, salt, key }) => {
    // What the mixing needs, and as much again for what OpenSSL counts besides.
    const maxmem = 256 * blockSize * (cost + parallelization);
    const options = { cost, blockSize, parallelization, maxmem };
    return timingSafeEqual(scryptSync(password, salt, key.length, options), key);
  },

  strength: async ({ password, ownWords }) => {
    // Not at the start: the dictionaries are for those who choose a password.
    const { strengthOf } = await import("./password-strength.mjs");
    return strengthOf(password, ownWords);
  },

  argon2: async ({ password, argon2 }) => {
    // Not at the start: where this native package cannot be loaded, everybody else signs in still.
    const { verifySync } = await import("@node-rs/argon2");
    try {
      return verifySync(argon2, password);
    } catch {
      // A hash that looked right and that the package cannot read: nothing fits it.
      return false;
    }
  },
};

/**
 * The work of one hashing thread. Plain JavaScript, so that a thread can load it as it is.
 * @param {{ kind: keyof typeof WORK } & Record<string, any>} task
 * @returns whether the hash fits, a new hash, or how strong the password is
 */
export default async function work(task) {
  const found = await WORK[task.kind](task);
  for (const other of task.padding ?? []) compareSync(task.password, other);
  return found;
}
