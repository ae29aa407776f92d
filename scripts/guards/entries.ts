// Every way into the app that the sources give: pages, handlers, server actions and files.
import { type Export, exportsOf } from "./exports";
import { actionGuard, handlerGuard, pageGuard } from "./locks";
import { type Node, nodesIn } from "./syntax";

export interface Entry {
  readonly kind: "page" | "handler" | "action" | "file";
  /** Where it is asked for, such as `/admin/users/[id]`; an action's own name. */
  readonly address: string;
  /** A handler's HTTP method; empty for all others. */
  readonly method: string;
  readonly source: string;
  /** Its locks in words, or why it needs none; null where there is none. */
  readonly guard: string | null;
}

interface ParsedSource {
  readonly path: string;
  readonly statements: readonly Node[];
}

/** What opens without a lock, and why it may. */
const PUBLIC: Readonly<Record<string, string>> = {
  "app/unavailable/page.tsx": "public: shown while the database is away",
  "app/session/ended/route.ts": "public: clears the cookie of a session that is over, no row",
};

const METHODS = /^(GET|HEAD|POST|PUT|PATCH|DELETE|OPTIONS|\*)$/;
const ROUTED = /^app\/(?:.*\/)?(page|route)\.[jt]sx?$/;

/** The entries of one source; most sources have none. */
export function entriesOf({ path, statements }: ParsedSource): Entry[] {
  const kind = ROUTED.exec(path)?.[1];
  const exported = exportsOf(statements);
  return [
    ...(kind === "page" ? [pageEntry(path, exported)] : []),
    ...(kind === "route" ? handlerEntries(path, exported) : []),
    ...actionEntries(path, statements, exported),
  ];
}

/** A file of the app folder that Next serves as it is, such as `app/icon.svg`. */
export function fileEntry(path: string): Entry {
  const address = path.slice("app".length);
  return { kind: "file", address, method: "", source: path, guard: "public: a file" };
}

function pageEntry(path: string, exported: readonly Export[]): Entry {
  const page = exported.find(([name]) => name === "default")?.[1] ?? null;
  const guard = PUBLIC[path] ?? pageGuard(page);
  return { kind: "page", address: addressOf(path), method: "", source: path, guard };
}

function handlerEntries(path: string, exported: readonly Export[]): Entry[] {
  return exported
    .filter(([name]) => METHODS.test(name))
    .map(([method, made]) => {
      const guard = PUBLIC[path] ?? handlerGuard(made);
      return { kind: "handler", address: addressOf(path), method, source: path, guard };
    });
}

// An action within a function has what its page has read at hand: it gets no guard, ever.
function actionEntries(path: string, statements: readonly Node[], exported: readonly Export[]) {
  const directives = [...nodesIn(statements)].filter(({ directive }) => directive === "use server");
  return directives.flatMap((directive): Entry[] => {
    if (!statements.includes(directive))
      return [actionEntry(path, `within a function at ${directive.start}`, null)];
    return exported.map(([name, made]) => actionEntry(path, name, actionGuard(made)));
  });
}

function actionEntry(source: string, address: string, guard: string | null): Entry {
  return { kind: "action", address, method: "", source, guard };
}

// Groups and slots are in the folder's name alone.
function addressOf(path: string): string {
  const parts = path.split("/").slice(1, -1);
  return `/${parts.filter((part) => !/^(\(\w+\)|@.*)$/.test(part)).join("/")}`;
}
