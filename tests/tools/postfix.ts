import { existsSync, mkdirSync } from "node:fs";
import { join } from "node:path";
import { oneAtATime } from "@/scripts/one-at-a-time";
import { dataFolder } from "@/scripts/root";
import { unpackPackages } from "./debian-packages";

// Not what its scripts want, and not what every system has.
const isNeeded = (file: string) => /^(postfix|lib(db|icu|nsl|sasl|ssl|tirpc))/.test(file);

/** The folder that Debian's Postfix is unpacked in, beside the system; nothing is installed. */
export async function postfixFolder(stop: AbortSignal): Promise<string> {
  const folder = join(dataFolder, "postfix");
  const root = join(folder, "root");
  mkdirSync(folder, { recursive: true });
  await oneAtATime(join(folder, "holder"), stop, async () => {
    if (existsSync(root)) return;
    console.log("Fetching Postfix (once) …");
    unpackPackages({ names: ["postfix"], isNeeded }, root);
  });
  return root;
}
