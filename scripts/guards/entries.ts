// Every way into the app that the sources give: what is shown, handlers, server actions and files.
import {
  type Context,
  type Entry,
  guarded,
  judged,
  PUBLIC_LIST,
  type PublicList,
  placeOf,
  wrong,
} from "./entry";
import { type Export, exportsOf } from "./exports";
import { actionGuard, handlerGuard, locksIn } from "./locks";
import type { FindSource, ParsedSource } from "./reads";
import { isSetting, shownEntries } from "./shown";
import { isDirective, type Node, nodesIn } from "./syntax";

const METHODS = /^(GET|HEAD|POST|PUT|PATCH|DELETE|OPTIONS)$/;
const NAMED = /^app\/(?:.*\/)?([^/]+)\.[jt]sx?$/;

const HANDLER = `Write \`export const METHOD = withSession(…)\` of @/lib/request/handler, its options written out, or withoutSession and name it with the reason in ${PUBLIC_LIST}`;
const ACTION = `Write \`export async function\`, its first statements \`await requireSameOrigin();\` and \`await requireSession();\` of @/lib/request/guards, or the first alone and name it with the reason in ${PUBLIC_LIST}`;

/** The entries of one source; most sources have none. */
export function entriesOf(source: ParsedSource, open: PublicList, find: FindSource): Entry[] {
  const { path, statements } = source;
  const exported = exportsOf(statements);
  const context = { ...source, exported, locks: locksIn(path, statements), open, find };
  const name = NAMED.exec(path)?.[1] ?? "";
  return [
    ...(name === "route" ? handlerEntries(context) : []),
    ...shownEntries(context, name),
    ...actionEntries(context),
    ...(/^((src\/)?pages|src\/app)\//.test(path) ? [strayEntry(source)] : []),
  ];
}

/** What Next serves as it is: from the app folder by its name, from `public` whatever is there. */
export function fileEntry(path: string, open: PublicList): Entry {
  const address = path.replace(/^(app|public)(?=\/)/, "");
  const reason = open[`file ${address}`];
  const judgement = reason
    ? guarded(`public: ${reason}`)
    : wrong("is served to everybody", `Name it with the reason in ${PUBLIC_LIST}`);
  return { kind: "file", address, method: "", source: path, line: 1, ...judgement };
}

function handlerEntries(context: Context): Entry[] {
  const handlers = context.exported.filter((each) => !isSetting(each));
  return handlers.map((each) => handlerEntry(context, each));
}

function handlerEntry(context: Context, each: Export): Entry {
  const place = placeOf(context, "handler", each.at, { method: each.name });
  return judged(context, place, each, (reason) => {
    if (!METHODS.test(each.name))
      return wrong(`exports ${each.name} beside its handlers`, "Move it to a file of its own");
    const guard = handlerGuard(each.made, context.locks);
    if (!guard) return wrong("is made by neither withSession nor withoutSession", HANDLER);
    if (!guard.isOpen) return guarded(guard.words);
    return reason ? guarded(`public: ${reason}`) : wrong("is open to strangers", HANDLER);
  });
}

// An action within a function has what its page has read at hand: it gets no guard, ever.
function actionEntries(context: Context): Entry[] {
  const { statements, exported } = context;
  const directives = [...nodesIn(statements)].filter((node) => isDirective(node, "use server"));
  return directives.flatMap((directive) =>
    statements.includes(directive)
      ? exported.map((each) => actionEntry(context, each))
      : [innerAction(context, directive)],
  );
}

function actionEntry(context: Context, each: Export): Entry {
  const place = placeOf(context, "action", each.at, { address: each.name });
  return judged(context, place, each, (reason) => {
    const { isFromHere, isSignedIn, words } = actionGuard(each.made, context.locks);
    if (!isFromHere) return wrong("does not refuse other origins first", ACTION);
    if (isSignedIn) return guarded(words);
    return reason ? guarded(`public: ${reason}`) : wrong("is open to strangers", ACTION);
  });
}

function innerAction(context: Context, directive: Node): Entry {
  const judgement = wrong(
    "is a server action within a function, which has at hand what its page has read",
    'Move it to a file that begins with "use server"',
  );
  return {
    ...placeOf(context, "action", directive, { address: "within a function" }),
    ...judgement,
  };
}

function strayEntry({ path }: ParsedSource): Entry {
  const judgement = wrong("is served past the app folder", "Move it to app/");
  return { kind: "other", address: path, method: "", source: path, line: 1, ...judgement };
}
