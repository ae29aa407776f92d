// Every way into the app that the sources give: what is shown, handlers, server actions and files.
import {
  addressOf,
  type Context,
  type Entry,
  entryOf,
  guarded,
  judged,
  PUBLIC_LIST,
  type PublicList,
  wrong,
} from "./entry";
import { type Export, exportsOf } from "./exports";
import { actionGuard, guardsIn, handlerGuard, isWrittenOut, pageGuard } from "./guards";
import { type FindSource, type ParsedSource, readsData } from "./reads";
import { isDirective, lineOf, type Node, nodesIn } from "./syntax";

const METHODS = /^(GET|HEAD|POST|PUT|PATCH|DELETE|OPTIONS)$/;
const NAMED = /^app\/(?:.*\/)?([^/]+)\.[jt]sx?$/;

const HANDLER = `Write \`export const METHOD = withSession(…)\` of @/lib/request/handler, its options written out, or withoutSession and name it with the reason in ${PUBLIC_LIST}`;
const ACTION = `Write \`export async function\`, its first statements \`await requireSameOrigin();\` of @/lib/request/origin and \`await requireSession();\` of @/lib/request/guards, or the first alone and name it with the reason in ${PUBLIC_LIST}`;

/** The entries of one source; most sources have none. */
export function entriesOf(source: ParsedSource, open: PublicList, find: FindSource): Entry[] {
  const { path, statements } = source;
  const exported = exportsOf(statements);
  const context = { ...source, exported, guards: guardsIn(path, statements), open, find };
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
  return entryOf("file", path, judgement, { address });
}

function handlerEntries(context: Context): Entry[] {
  const handlers = context.exported.filter((each) => !isSetting(each));
  return handlers.map((each) => handlerEntry(context, each));
}

function handlerEntry(context: Context, each: Export): Entry {
  const judge = (reason: string | null) => {
    if (!METHODS.test(each.name))
      return wrong(`exports ${each.name} beside its handlers`, "Move it to a file of its own");
    const guard = handlerGuard(each.made, context.guards);
    if (!guard) return wrong("is made by neither withSession nor withoutSession", HANDLER);
    if (!guard.isOpen) return guarded(guard.words);
    return reason ? guarded(`public: ${reason}`) : wrong("is open to strangers", HANDLER);
  };
  return judged(context, "handler", each, judge, { method: each.name });
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
  const judge = (reason: string | null) => {
    const { isFromHere, isSignedIn, words } = actionGuard(each.made, context.guards);
    if (!isFromHere) return wrong("does not refuse other origins first", ACTION);
    if (isSignedIn) return guarded(words);
    return reason ? guarded(`public: ${reason}`) : wrong("is open to strangers", ACTION);
  };
  return judged(context, "action", each, judge, { address: each.name });
}

function innerAction({ path }: Context, directive: Node): Entry {
  const judgement = wrong(
    "is a server action within a function, which has at hand what its page has read",
    'Move it to a file that begins with "use server"',
  );
  const place = { address: "within a function", line: lineOf(directive) };
  return entryOf("action", path, judgement, place);
}

function strayEntry({ path }: ParsedSource): Entry {
  const judgement = wrong("is served past the app folder", "Move it to app/");
  return entryOf("other", path, judgement, { address: path });
}

const LAYOUTS =
  /^(layout|template|default|loading|error|global-error|not-found|global-not-found|forbidden|unauthorized)$/;
const METADATA_ROUTES =
  /^(sitemap|robots|manifest|(icon|apple-icon|opengraph-image|twitter-image)\d?)$/;
/** What tells Next how to serve a file, and holds nothing else. */
const SETTINGS =
  /^(dynamic|dynamicParams|revalidate|fetchCache|runtime|preferredRegion|maxDuration|alt|size|contentType)$/;
const WRITTEN_METADATA = /^(metadata|viewport)$/;
const MADE_METADATA = /^generate(Metadata|Viewport|StaticParams|ImageMetadata|Sitemaps)$/;
/** Their metadata tells of no page behind a guard. */
const FOR_EVERYBODY = /^app\/(layout|not-found|global-not-found|forbidden|unauthorized)\.[jt]sx?$/;

const GUARD_FIRST = `Write \`export default async function\`, its first statement \`await requireSession();\` or \`await requireRole(…);\` of @/lib/request/guards, or name it with the reason in ${PUBLIC_LIST}`;
const ELSEWHERE = "Move it to a file of its own";

// Pages, what Next puts around them, and metadata: what a render gives out. None where Next does not
// look for the name.
function shownEntries(context: Context, name: string): Entry[] {
  const kind = kindOf(name);
  const [first] = context.statements;
  if (!kind || !first) return [];
  const isDefault = (each: Export) => each.name === "default";
  const missing = { name: "default", made: null, at: first, fault: "is missing" };
  const main = context.exported.find(isDefault) ?? missing;
  const others = context.exported.filter((each) => !isDefault(each) && !isSetting(each));
  return [mainEntry(context, kind, main), ...others.map((each) => besides(context, each, main))];
}

// One of Next's settings, written out.
function isSetting({ name, made }: Export): boolean {
  return SETTINGS.test(name) && isWrittenOut(made);
}

function kindOf(name: string): "page" | "layout" | "metadata" | null {
  if (name === "page") return name;
  if (LAYOUTS.test(name)) return "layout";
  return METADATA_ROUTES.test(name) ? "metadata" : null;
}

function mainEntry(context: Context, kind: "page" | "layout" | "metadata", main: Export): Entry {
  const judge = (reason: string | null) => {
    if (reason) return guarded(`public: ${reason}`);
    const guard = pageGuard(main.made, context.guards);
    if (guard) return guarded(guard);
    if (kind === "page") return wrong("opens with no guard", GUARD_FIRST);
    const data = readsData(context.path, context.find);
    return data === null
      ? guarded("reads no data")
      : wrong(`opens with no guard, and may read data by ${data}`, GUARD_FIRST);
  };
  return judged(context, kind, main, judge, kind === "metadata" ? { address: "default" } : {});
}

function besides(context: Context, each: Export, page: Export): Entry {
  const judge = (reason: string | null) => {
    if (reason) return guarded(`public: ${reason}`);
    if (MADE_METADATA.test(each.name)) return likeItsPage(context, each, page);
    if (!WRITTEN_METADATA.test(each.name))
      return wrong(`exports ${each.name} beside what it shows`, ELSEWHERE);
    const isHarmless = isWrittenOut(each.made) || !readsData(context.path, context.find);
    return isForEverybody(context) && isHarmless
      ? guarded("reads no data")
      : wrong(
          `${each.name} is sent before any guard is asked`,
          `Write generateMetadata, with the guard of its page`,
        );
  };
  return judged(context, "metadata", each, judge, { address: each.name });
}

function isForEverybody({ path, open }: Context): boolean {
  return FOR_EVERYBODY.test(path) || Object.hasOwn(open, `page ${addressOf(path)}`);
}

// Next sends metadata whatever its page says: it must not open to more people than that.
function likeItsPage({ guards }: Context, { name, made }: Export, page: Export) {
  const guard = pageGuard(made, guards);
  const asked = pageGuard(page.made, guards);
  const each = asked?.split(/(?<=\)), /) ?? [guard];
  if (guard && each.includes(guard)) return guarded(guard);
  return wrong(
    `${name} does not open with the guard of its page`,
    `Make \`await ${each[0] ?? "requireSession()"};\` its first statement`,
  );
}
