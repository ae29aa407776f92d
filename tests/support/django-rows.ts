// Sessions that real Djangos wrote (tests/fixtures/django/sessions.py).
import { readFileSync } from "node:fs";
import { join } from "node:path";
import { z } from "zod";
import { root } from "@/scripts/root";

const Recorded = z.object({
  version: z.string(),
  keys: z.tuple([z.string(), z.string()]),
  /** The hash of the password that its user had. */
  password: z.string(),
  rows: z.record(z.string(), z.string()),
});
export type RecordedRows = z.output<typeof Recorded>;

/** What each Django wrote, the oldest first. */
export const RECORDED: readonly RecordedRows[] = ["3.2", "4.2", "5.2", "6.1"].map((version) => {
  const path = join(root, `tests/fixtures/django/sessions-${version}.json`);
  return Recorded.parse(JSON.parse(readFileSync(path, "utf8")));
});
