import { blocklistFileFault } from "@/lib/auth/blocklist";
import { type Check, unless } from "./check";

const MOST_AN_HOUR = 100;

export const PASSWORD_CHECKS: readonly Check[] = [
  {
    id: "password-length",
    title: "passwords have 15 characters or more (NIST 800-63B: the only factor)",
    run: ({ settings: { PASSWORD_MIN_LENGTH: least } }) =>
      unless(
        least >= 15,
        String(least),
        `passwords of ${least} characters are taken; fewer than 15 need a second factor beside them`,
        "PASSWORD_MIN_LENGTH=15",
      ),
  },
  {
    id: "hash-cost",
    title: "a hash costs 2^12 rounds or more",
    run: ({ settings: { PASSWORD_HASH_COST: cost } }) =>
      unless(
        cost >= 12,
        `2^${cost}`,
        `bcrypt's cost is ${cost}: a leaked table is guessed ${2 ** (12 - cost)} times as fast`,
        "PASSWORD_HASH_COST=12",
      ),
  },
  {
    id: "blocklist",
    title: "the list of refused passwords of one's own can be read",
    run: ({ settings: { PASSWORD_BLOCKLIST: file } }) => {
      const wrong = file === undefined ? null : blocklistFileFault(file);
      const found = file ?? "none but the built-in one";
      return unless(wrong === null, found, `${file}: ${wrong}`, "PASSWORD_BLOCKLIST=<a file>");
    },
  },
  {
    id: "throttle",
    title: "wrong passwords are few an hour (ASVS 6.3.1)",
    run: ({ settings: { THROTTLE_FAILURES: failures, THROTTLE_SECONDS: seconds } }) => {
      const anHour = Math.round((failures * 3600) / seconds);
      return unless(
        anHour <= MOST_AN_HOUR,
        `${anHour} an hour`,
        `an address may try ${anHour} passwords of an account an hour`,
        "THROTTLE_FAILURES=10 and THROTTLE_SECONDS=900",
      );
    },
  },
];
