import { stringify } from "uuid";
import type { DumpedRow } from "@/lib/db/inspect";
import { Problem } from "../program";
import { type Candidate, DOORS, type Door } from "./leak-doors";

/** What became of the values of a dump. Holds none of them: they may let in. */
export interface LeakReport {
  readonly rows: number;
  /** Texts that were tried, each once. */
  readonly tried: number;
  /** Where those come from that signed somebody in, or opened a link, and how many of each. */
  readonly signedIn: Readonly<Record<string, number>>;
  /** How many were answered in another way, so that they prove nothing. */
  readonly unclear: number;
}

interface Drill {
  /** The app's origin. */
  readonly origin: string;
  /** Every name that its session cookie has or had. */
  readonly cookieNames: readonly string[];
  readonly tell?: (tried: number, of: number) => void;
  readonly stop: AbortSignal;
}

const AT_ONCE = 8;

/**
 * Tries every value of dumped rows as a session cookie of the running app, and as the token of a link
 * that sets a password: with one that is refused, so that none is set. Throws a Problem.
 */
export async function drillLeak(rows: readonly DumpedRow[], drill: Drill): Promise<LeakReport> {
  for (const door of DOORS) await insistThatItRefuses(door, drill);
  const candidates = rows.flatMap(candidatesOf);
  const tries = DOORS.flatMap((door) => triesAt(door, candidates));
  const signedIn: Record<string, number> = {};
  let [tried, unclear] = [0, 0];
  const waiting = tries.values();
  const work = async () => {
    for (const { door, source, text } of waiting) {
      drill.stop.throwIfAborted();
      const status = await statusWith(door, text, drill);
      if (status === door.open) signedIn[source] = (signedIn[source] ?? 0) + 1;
      else if (status !== door.shut) unclear += 1;
      tried += 1;
      drill.tell?.(tried, tries.length);
    }
  };
  await Promise.all(Array.from({ length: AT_ONCE }, work));
  return { rows: rows.length, tried, signedIn, unclear };
}

// Each text once.
function triesAt(door: Door, candidates: readonly Candidate[]) {
  const all = candidates.flatMap((each) => door.triesOf(each));
  return [...new Map(all.map((each) => [each.text, { ...each, door }])).values()];
}

// An app that lets everybody in, or none that answers so, would prove nothing.
async function insistThatItRefuses(door: Door, drill: Drill): Promise<void> {
  const status = await statusWith(door, "nobody", drill);
  const what = `${drill.origin} answers a stranger with ${status}, where ${door.shut} is due`;
  if (status !== door.shut) throw new Problem(`${what}: is that the app? Give its address: --url`);
}

async function statusWith(door: Door, text: string, drill: Drill): Promise<number> {
  const { origin, cookieNames, stop } = drill;
  const { path, ...asking } = door.asking(text, cookieNames);
  try {
    const signal = AbortSignal.any([stop, AbortSignal.timeout(10_000)]);
    const response = await fetch(new URL(path, origin), { ...asking, redirect: "manual", signal });
    await response.arrayBuffer();
    return response.status;
  } catch (error) {
    stop.throwIfAborted();
    const cause = error instanceof Error && error.cause instanceof Error ? error.cause : error;
    throw new Problem(`${origin} does not answer (${cause}). Start the app, or give --url.`);
  }
}

/** Every text that could be made of a row: each value in each form, and what the cookie held unsealed. */
export function candidatesOf({ table, row }: DumpedRow): Candidate[] {
  const values = Object.entries(row).flatMap(([column, value]) =>
    formsOf(value).map(([form, text]) => ({ source: `${table}.${column} as ${form}`, text })),
  );
  return [...values, ...unsealed(table, row)].filter(({ text }) => text !== "");
}

type Form = [form: string, text: string];

/** A value as text, as bytes, and as what text made of bytes may look like. */
function formsOf(value: unknown): Form[] {
  if (value === null || value === undefined) return [];
  if (Buffer.isBuffer(value)) return formsOfBytes(value);
  const text = typeof value === "object" ? JSON.stringify(value) : String(value);
  return [
    ["text", asCookieText(text)],
    ["base64url", base64url(text)],
  ];
}

function formsOfBytes(bytes: Buffer): Form[] {
  const hex = bytes.toString("hex");
  return [
    ["hex", hex],
    ["upper-case hex", hex.toUpperCase()],
    ["base64", bytes.toString("base64")],
    ["base64url", bytes.toString("base64url")],
    ["bytes", asCookieText(bytes.toString("latin1"))],
    ...(bytes.length === 16 ? [["uuid", stringify(bytes)] satisfies Form] : []),
  ];
}

// The content of the cookie, as far as a row tells it, without the seal that a secret makes.
function unsealed(table: string, row: DumpedRow["row"]): Candidate[] {
  const { id, secret_hash: hash } = row;
  if (!Buffer.isBuffer(id) || !Buffer.isBuffer(hash)) return [];
  const source = `${table}.id with ${table}.secret_hash`;
  return formsOfBytes(hash).flatMap(([form, s]) => {
    const content = JSON.stringify({ v: 1, id: stringify(id), s, x: FAR_AHEAD });
    return [
      { source: `${source} as ${form}, unsealed`, text: asCookieText(content) },
      { source: `${source} as ${form}, unsealed, base64url`, text: base64url(content) },
      { source: `${source} as ${form}, joined`, text: `${stringify(id)}.${asCookieText(s)}` },
    ];
  });
}

const FAR_AHEAD = 4_102_444_800;
const base64url = (text: string) => Buffer.from(text).toString("base64url");

// What a Cookie header cannot carry as it is (RFC 6265, section 4.1.1).
function asCookieText(text: string): string {
  return /^[\x21\x23-\x2b\x2d-\x3a\x3c-\x5b\x5d-\x7e]*$/.test(text)
    ? text
    : encodeURIComponent(text.toWellFormed());
}
