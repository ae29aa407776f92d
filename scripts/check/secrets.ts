import { MAKE_A_SECRET } from "@/lib/variables";
import { type Check, fault, unless, well } from "./check";
import { guessableBecause } from "./strength";

const MOST_SECRETS = 3;

export const SECRET_CHECKS: readonly Check[] = [
  {
    id: "secret-strength",
    title: "SESSION_SECRET is random and long",
    run: ({ settings: { SESSION_SECRET: secrets } }) => {
      const weak = secrets.map(guessableBecause).find((reason) => reason !== null);
      return weak
        ? fault(`one of SESSION_SECRET is ${weak}`, `SESSION_SECRET=<new>: ${MAKE_A_SECRET}`)
        : well(`${secrets.length} of them, each worth 128 bits or more`);
    },
  },
  {
    id: "secret-rotation",
    title: "SESSION_SECRET can be changed without signing anybody out",
    run: ({ settings: { SESSION_SECRET: secrets, SESSION_ABSOLUTE_AGE: age } }) => {
      const days = Math.ceil(age / 86_400);
      if (new Set(secrets).size < secrets.length)
        return fault("SESSION_SECRET holds one twice", "SESSION_SECRET=<new>,<old>, each once");
      return unless(
        secrets.length <= MOST_SECRETS,
        secrets.length === 1
          ? `one; to change it: SESSION_SECRET=<new>,<old>, and <old> goes after ${days} days`
          : `${secrets.length}; the oldest may go ${days} days after the newest came`,
        `${secrets.length} secrets open seals, so that any of them that leaked still does`,
        `SESSION_SECRET=<newest>,<the one before>: no seal is older than ${days} days`,
      );
    },
  },
  {
    id: "metrics-token",
    title: "METRICS_TOKEN cannot be guessed",
    run: ({ settings: { METRICS_TOKEN: token } }) => {
      if (!token) return well("metrics are off");
      const weak = guessableBecause(token);
      return weak
        ? fault(`METRICS_TOKEN is ${weak}`, `METRICS_TOKEN=<new>: ${MAKE_A_SECRET}`)
        : well("random");
    },
  },
];
