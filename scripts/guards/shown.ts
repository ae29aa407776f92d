// Pages, what Next puts around them, and metadata: what a render gives out.
import {
  addressOf,
  type Context,
  type Entry,
  guarded,
  judged,
  PUBLIC_LIST,
  placeOf,
  wrong,
} from "./entry";
import type { Export } from "./exports";
import { isWrittenOut, pageGuard } from "./locks";
import { readsData } from "./reads";

const LAYOUTS =
  /^(layout|template|default|loading|error|global-error|not-found|global-not-found|forbidden|unauthorized)$/;
const METADATA_ROUTES =
  /^(sitemap|robots|manifest|(icon|apple-icon|opengraph-image|twitter-image)\d?)$/;
/** What tells Next how to serve a file, and holds nothing else. */
const SETTINGS =
  /^(dynamic|dynamicParams|revalidate|fetchCache|runtime|preferredRegion|maxDuration|alt|size|contentType)$/;
const WRITTEN_METADATA = /^(metadata|viewport)$/;
const MADE_METADATA = /^generate(Metadata|Viewport|StaticParams|ImageMetadata|Sitemaps)$/;
/** Their metadata tells of no page behind a lock. */
const FOR_EVERYBODY = /^app\/(layout|not-found|global-not-found|forbidden|unauthorized)\.[jt]sx?$/;

const LOCK_FIRST = `Write \`export default async function\`, its first statement \`await requireSession();\` or \`await requireRole(…);\` of @/lib/request/guards, or name it with the reason in ${PUBLIC_LIST}`;
const ELSEWHERE = "Move it to a file of its own";

/** The entries of what a file of that name shows; none where Next does not look for the name. */
export function shownEntries(context: Context, name: string): Entry[] {
  const kind = kindOf(name);
  const [first] = context.statements;
  if (!kind || !first) return [];
  const isDefault = (each: Export) => each.name === "default";
  const missing = { name: "default", made: null, at: first, fault: "is missing" };
  const main = context.exported.find(isDefault) ?? missing;
  const others = context.exported.filter((each) => !isDefault(each) && !isSetting(each));
  return [mainEntry(context, kind, main), ...others.map((each) => besides(context, each, main))];
}

/** Whether an export is one of Next's settings, written out. */
export function isSetting({ name, made }: Export): boolean {
  return SETTINGS.test(name) && isWrittenOut(made);
}

function kindOf(name: string): "page" | "layout" | "metadata" | null {
  if (name === "page") return name;
  if (LAYOUTS.test(name)) return "layout";
  return METADATA_ROUTES.test(name) ? "metadata" : null;
}

function mainEntry(context: Context, kind: "page" | "layout" | "metadata", main: Export): Entry {
  const named = kind === "metadata" ? { address: "default" } : {};
  return judged(context, placeOf(context, kind, main.at, named), main, (reason) => {
    if (reason) return guarded(`public: ${reason}`);
    const guard = pageGuard(main.made, context.locks);
    if (guard) return guarded(guard);
    if (kind === "page") return wrong("opens with no lock", LOCK_FIRST);
    const data = readsData(context.path, context.find);
    return data === null
      ? guarded("reads no data")
      : wrong(`opens with no lock, and may read data by ${data}`, LOCK_FIRST);
  });
}

function besides(context: Context, each: Export, page: Export): Entry {
  const place = placeOf(context, "metadata", each.at, { address: each.name });
  return judged(context, place, each, (reason) => {
    if (reason) return guarded(`public: ${reason}`);
    if (WRITTEN_METADATA.test(each.name))
      return isForEverybody(context) && isWrittenOut(each.made)
        ? guarded("written out")
        : wrong(
            `${each.name} is sent before any lock is asked`,
            `Write generateMetadata, with the lock of its page`,
          );
    if (!MADE_METADATA.test(each.name))
      return wrong(`exports ${each.name} beside what it shows`, ELSEWHERE);
    return likeItsPage(context, each, page);
  });
}

function isForEverybody({ path, open }: Context): boolean {
  return FOR_EVERYBODY.test(path) || Object.hasOwn(open, `page ${addressOf(path)}`);
}

// Next sends metadata whatever its page says: it must not open to more people than that.
function likeItsPage({ locks }: Context, { name, made }: Export, page: Export) {
  const guard = pageGuard(made, locks);
  const asked = pageGuard(page.made, locks);
  if (guard && (asked === null || asked.split(", ").includes(guard))) return guarded(guard);
  const lock = asked?.split(", ")[0] ?? "requireSession()";
  return wrong(
    `${name} does not open with the lock of its page`,
    `Make \`await ${lock};\` its first statement`,
  );
}
