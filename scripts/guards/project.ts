import { globSync, readFileSync } from "node:fs";
import { join } from "node:path";
import { root } from "../root";
import { type Entry, entriesOf, fileEntry } from "./entries";
import { parse } from "./syntax";

const SOURCES = "{app,lib}/**/*.{ts,tsx,js,jsx,mjs}";
// What Next serves from the app folder under its own name.
const FILES =
  "app/**/{favicon,icon,apple-icon,opengraph-image,twitter-image,robots,sitemap}*.{ico,svg,png,jpg,jpeg,gif,txt,xml}";

/** Every page, handler, server action and file of this project with its guard. */
export function projectEntries(): Entry[] {
  const found = (pattern: string) => globSync(pattern, { cwd: root }).sort();
  const entries = found(SOURCES).flatMap((path) =>
    entriesOf({ path, statements: parse(path, readFileSync(join(root, path), "utf8")) }),
  );
  return [...entries, ...found(FILES).map(fileEntry)];
}
