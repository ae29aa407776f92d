// Fills a database as a busy site would: `--users`, `--sessions`, `--events` say how much, `--add`
// lets it add to a database that people use.
import { Command, CommanderError } from "@commander-js/extra-typings";
import { readSettings } from "@/lib/env";
import { bringDatabase, howToSignIn } from "../database/prepare";
import { completeSettings, loadEnvironmentFile } from "../environment";
import { Problem, runProgram, tellProgress } from "../program";
import type { Amounts } from "./insert";
import { countRealUsers, seedDatabase } from "./seed";

await runProgram(async (stop) => {
  const program = new Command("seed")
    .description("Fills a database with 40 days of a busy site. Nobody can sign in as its users.")
    .option("--users <number>", "how many users", Number, 50_000)
    .option("--sessions <number>", "how many sessions, live and ended", Number, 200_000)
    .option("--events <number>", "how many events, about", Number, 1_000_000)
    .option("--add", "also where there are users already")
    .exitOverride();
  try {
    program.parse();
  } catch (error) {
    if (error instanceof CommanderError) return error.exitCode === 0 ? 0 : 2;
    throw error;
  }
  const { add, ...amounts } = program.opts();
  return seed(amounts, add ?? false, stop);
});

async function seed(amounts: Amounts, isAddition: boolean, stop: AbortSignal): Promise<number> {
  loadEnvironmentFile();
  completeSettings();
  const embedded = await bringDatabase(stop);
  try {
    const [url = ""] = readSettings(process.env).DATABASE_URL;
    const users = await countRealUsers(url);
    if (users > 0 && !isAddition)
      throw new Problem(`This database has ${users} user(s). To add to it all the same: --add`);
    // Before the others, of whom nobody can sign in.
    const words = await howToSignIn(embedded !== null);
    const before = performance.now();
    const progress = { stop, tell: teller(amounts), doing: tellProgress };
    // Of the two users, the one who may change tables.
    await seedDatabase(embedded?.url ?? url, amounts, new Date(), progress);
    console.error("");
    console.log(`Done in ${Math.round((performance.now() - before) / 1000)} s.`);
    console.log(words);
    return 0;
  } finally {
    await embedded?.stop();
  }
}

function teller(amounts: Amounts) {
  const inserted: Record<string, number> = {};
  return (table: keyof Amounts, rows: number) => {
    inserted[table] = (inserted[table] ?? 0) + rows;
    tellProgress(`${table}: ${inserted[table]} of ${amounts[table]}`);
  };
}
