// How long a list of ten million lines takes to read, and how much memory it needs: half of them
// passwords, half SHA-1s with a count.
//   node scripts/run.mjs tests/timing/blocklist.ts [lines, 10000000 by default]
import { createHash } from "node:crypto";
import { closeSync, mkdtempSync, openSync, rmSync, writeSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { completeSettings } from "../../scripts/environment";
import { runProgram } from "../../scripts/program";

const LINES = Number(process.argv[2] ?? 10_000_000);
const LINES_A_WRITE = 10_000;
const TRIED = 200_000;
const MIB = 2 ** 20;

await runProgram(async () => {
  const folder = mkdtempSync(join(tmpdir(), "blocklist-"));
  try {
    const file = join(folder, "list.txt");
    writeList(file);
    // It is not asked, but without one there are no settings.
    const database = "mysql://nobody@127.0.0.1/none";
    Object.assign(process.env, { PASSWORD_BLOCKLIST: file, DATABASE_URL: database });
    completeSettings();
    const { closeBlocklist, isBlocked } = await import("@/lib/auth/blocklist");
    const before = process.memoryUsage.rss();
    let peak = before;
    const watch = setInterval(() => {
      peak = Math.max(peak, process.memoryUsage.rss());
    }, 50);
    const begun = performance.now();
    const isThere = await isBlocked(passwordOf(LINES - 1));
    const seconds = (performance.now() - begun) / 1000;
    clearInterval(watch);
    const after = process.memoryUsage.rss();
    let falseAlarms = 0;
    for (let n = 0; n < TRIED; n += 1) if (await isBlocked(`not in it ${n}`)) falseAlarms += 1;
    console.table({
      lines: LINES,
      "the last one is found": isThere,
      seconds: Number(seconds.toFixed(1)),
      "MiB more": Math.round((after - before) / MIB),
      "MiB more at most, while it is read": Math.round((peak - before) / MIB),
      [`false alarms of ${TRIED}`]: falseAlarms,
    });
    await closeBlocklist();
  } finally {
    rmSync(folder, { recursive: true });
  }
  return 0;
});

function passwordOf(n: number): string {
  return `password number ${n}`;
}

function lineOf(n: number): string {
  if (n % 2 === 1) return passwordOf(n);
  return `${createHash("sha1").update(passwordOf(n)).digest("hex").toUpperCase()}:${n}`;
}

function writeList(file: string): void {
  const descriptor = openSync(file, "w");
  for (let first = 0; first < LINES; first += LINES_A_WRITE) {
    const lines = Array.from({ length: LINES_A_WRITE }, (_, n) => lineOf(first + n));
    writeSync(descriptor, `${lines.join("\n")}\n`);
  }
  closeSync(descriptor);
}
