import { useEffect, useState } from "react";

const PAUSE_MS = 150;

/**
 * How hard a password is to guess, 0 to 4; null until that is known. The estimator is large, so it
 * comes when somebody starts to type; where it cannot come, the server's rules are enough.
 */
export function useScore(password: string, ownWords: string[]): number | null {
  const [score, setScore] = useState<number | null>(null);

  useEffect(() => {
    let isStale = false;
    const timer = setTimeout(async () => {
      const found = password === "" ? null : await scoreOf(password, ownWords);
      if (!isStale) setScore(found);
    }, PAUSE_MS);
    return () => {
      isStale = true;
      clearTimeout(timer);
    };
  }, [password, ownWords]);

  return score;
}

async function scoreOf(password: string, ownWords: string[]): Promise<number | null> {
  try {
    const { strengthOf } = await import("@/lib/auth/password-strength.mjs");
    return strengthOf(password, ownWords).score;
  } catch {
    return null; // The files did not come: offline, or a new version was put up meanwhile.
  }
}
