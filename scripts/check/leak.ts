import type { DumpedRow } from "@/lib/db/dump";
import { Problem } from "../program";
import { type Candidate, candidatesOf } from "./leak-forms";

/** What became of the values of a dump as cookies. Holds none of the values: they may sign in. */
export interface LeakReport {
  readonly rows: number;
  /** Texts that were tried, each once. */
  readonly tried: number;
  /** Where those come from that signed somebody in, and how many of each. */
  readonly signedIn: Readonly<Record<string, number>>;
  /** How many were answered otherwise than with 200 or 401, so that they prove nothing. */
  readonly unclear: number;
}

export interface Drill {
  /** The app's origin. */
  readonly origin: string;
  /** Every name that its session cookie has or had. */
  readonly cookieNames: readonly string[];
  readonly tell?: (tried: number, of: number) => void;
  readonly stop: AbortSignal;
}

const AT_ONCE = 8;

/** Tries every value of dumped rows as a session cookie of the running app. Throws a Problem. */
export async function drillLeak(rows: readonly DumpedRow[], drill: Drill): Promise<LeakReport> {
  await checkThatItRefuses(drill);
  const candidates = [...distinct(rows.flatMap(candidatesOf))];
  const signedIn: Record<string, number> = {};
  let [tried, unclear] = [0, 0];
  const waiting = candidates.values();
  const work = async () => {
    for (const { source, text } of waiting) {
      drill.stop.throwIfAborted();
      const status = await statusWith(drill, text);
      if (status === 200) signedIn[source] = (signedIn[source] ?? 0) + 1;
      else if (status !== 401) unclear += 1;
      tried += 1;
      drill.tell?.(tried, candidates.length);
    }
  };
  await Promise.all(Array.from({ length: AT_ONCE }, work));
  return { rows: rows.length, tried, signedIn, unclear };
}

function distinct(candidates: readonly Candidate[]): Iterable<Candidate> {
  return new Map(candidates.map((candidate) => [candidate.text, candidate])).values();
}

// An app that lets everybody in, or none that answers so, would prove nothing.
async function checkThatItRefuses(drill: Drill): Promise<void> {
  const status = await statusWith(drill, "nobody");
  if (status !== 401)
    throw new Problem(
      `${drill.origin}/api/session answers a stranger with ${status}, where 401 is due: is that the app? Give its address: --url`,
    );
}

async function statusWith({ origin, cookieNames, stop }: Drill, text: string): Promise<number> {
  const cookie = cookieNames.map((name) => `${name}=${text}`).join("; ");
  try {
    const answer = await fetch(new URL("/api/session", origin), {
      headers: { Cookie: cookie },
      redirect: "manual",
      signal: AbortSignal.any([stop, AbortSignal.timeout(10_000)]),
    });
    await answer.arrayBuffer();
    return answer.status;
  } catch (error) {
    stop.throwIfAborted();
    const cause = error instanceof Error && error.cause instanceof Error ? error.cause : error;
    throw new Problem(`${origin} does not answer (${cause}). Start the app, or give --url.`);
  }
}
