// Hashes that a real Django and a real PHP made (tests/fixtures).
import { readFileSync } from "node:fs";
import { join } from "node:path";
import { z } from "zod";
import { root } from "@/scripts/root";

const fixture = (name: string) => join(root, "tests/fixtures", name);

/** `dumpdata auth` of a Django of now, and of the one in Debian 12. */
export const DJANGO_FILES = ["5.2", "3.2"].map((version) => fixture(`django/auth-${version}.json`));

/** What all of them were made of, but Django's "long", which is five times that. */
export const FOREIGN_PASSWORD = "Grüße an Zoë 🔑";

const Records = z.array(
  z.object({
    fields: z.object({ username: z.string().optional(), password: z.string().optional() }),
  }),
);

/** The hashes of a file, by the user names that tell how each was made. */
export function hashesOfDjango(file: string): Record<string, string> {
  const records = Records.parse(JSON.parse(readFileSync(file, "utf8")));
  return Object.fromEntries(
    records.map(({ fields }) => [fields.username ?? "", fields.password ?? ""]),
  );
}

export function hashesOfPhp(): Record<string, string> {
  const text = readFileSync(fixture("php/hashes.json"), "utf8");
  return z.record(z.string(), z.string()).parse(JSON.parse(text));
}
