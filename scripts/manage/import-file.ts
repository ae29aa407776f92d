import { readFileSync } from "node:fs";
import { z } from "zod";
import { Problem } from "../program";

const USERS = "auth.user";
const Records = z.array(z.looseObject({ model: z.string() }));

export interface ImportFile {
  readonly users: readonly unknown[];
  /** How many records of each other model there are. */
  readonly ignored: Readonly<Record<string, number>>;
}

/** The users in a file that Django's `dumpdata` wrote. Throws a Problem for any other file. */
export function readImportFile(path: string): ImportFile {
  const read = Records.safeParse(parsed(path));
  if (!read.success) throw new Problem(`${path} holds no list of Django's records. ${MAKE_ONE}`);
  const users = read.data.filter(({ model }) => model === USERS);
  const ignored: Record<string, number> = {};
  for (const { model } of read.data)
    if (model !== USERS) ignored[model] = (ignored[model] ?? 0) + 1;
  if (users.length === 0) throw new Problem(`${path} holds no ${USERS}. ${MAKE_ONE}`);
  return { users, ignored };
}

const MAKE_ONE = `Make it with: python manage.py dumpdata ${USERS} > users.json`;

function parsed(path: string): unknown {
  try {
    return JSON.parse(readFileSync(path, "utf8"));
  } catch (error) {
    if (error instanceof SyntaxError) throw new Problem(`${path} is not JSON. ${MAKE_ONE}`);
    const reason = error instanceof Error ? error.message : String(error);
    throw new Problem(`${path} cannot be read: ${reason}`);
  }
}
