// One way into the app, with its guard or with what is wrong with it.
import type { Export } from "./exports";
import type { Guards } from "./guards";
import type { FindSource, ParsedSource } from "./reads";
import { lineOf } from "./syntax";

export interface Entry extends Judgement {
  /** A layout is whatever Next puts around or in place of a page; metadata what it makes beside one. */
  readonly kind: "page" | "layout" | "metadata" | "handler" | "action" | "file" | "other";
  readonly source: string;
  /** Where it is asked for, such as `/admin/users/[id]`; of an action or metadata the exported name. */
  readonly address: string;
  /** A handler's HTTP method; empty for all others. */
  readonly method: string;
  readonly line: number;
}

interface Judgement {
  /** Its guards in words, or why it needs none; null where it is open. */
  readonly guard: string | null;
  /** What is wrong and how to mend it; null where it is guarded. */
  readonly fault: string | null;
}

export const guarded = (guard: string): Judgement => ({ guard, fault: null });
export const wrong = (fault: string, fix: string): Judgement => ({
  guard: null,
  fault: `${fault}. ${fix}`,
});

type Place = Partial<Pick<Entry, "address" | "method" | "line">>;

/** An entry at the top of a source, or where `place` says. */
export function entryOf(
  kind: Entry["kind"],
  source: string,
  judgement: Judgement,
  place: Place = {},
): Entry {
  return { kind, source, address: "", method: "", line: 1, ...place, ...judgement };
}

/** What may be open, by `publicKey`, and why: `ALL_PUBLIC` of lib/request/public-paths. */
export type PublicList = Readonly<Record<string, string>>;
export const PUBLIC_LIST = "lib/request/public.ts";

/** A source with what there is to judge it by. */
export interface Context extends ParsedSource {
  readonly exported: readonly Export[];
  readonly guards: Guards;
  readonly open: PublicList;
  readonly find: FindSource;
}

/** What the list of public things calls it. */
export function publicKey({ kind, address, method, source }: Omit<Entry, keyof Judgement>) {
  if (kind === "handler") return `${method} ${address}`;
  if (kind === "action" || kind === "metadata") return `${kind} ${source} ${address}`;
  // A page of a slot is shown at the address of another page, which may be public.
  const isOfSlot = /\/(@|\(\.)/.test(source);
  return kind === "file" || (kind === "page" && !isOfSlot)
    ? `${kind} ${address}`
    : `${kind} ${source}`;
}

/** The address of a source of the app folder; groups and slots are in the folder's name alone. */
export function addressOf(path: string): string {
  const folders = path.split("/").slice(1, -1);
  return `/${folders.filter((each) => !/^(\([^.)]+\)|@.*)$/.test(each)).join("/")}`;
}

/** Judges what is exported there; `judge` is told the reason if it is on the list of public things. */
export function judged(
  { path, open }: Context,
  kind: Entry["kind"],
  exported: Export,
  judge: (reason: string | null) => Judgement,
  named: Place = {},
): Entry {
  const place = { address: addressOf(path), method: "", line: lineOf(exported.at), ...named };
  const key = publicKey({ kind, source: path, ...place });
  const reason = Object.hasOwn(open, key) ? (open[key] ?? null) : null;
  const judgement = exported.fault
    ? wrong(`the export ${exported.name} ${exported.fault}`.replace(/ +/g, " "), FORMS)
    : judge(reason);
  return entryOf(kind, path, judgement, place);
}

const FORMS =
  "Write `export const NAME = …` or `export async function NAME` in this very file, so that its guard can be seen";
