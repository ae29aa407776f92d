import { Command, CommanderError, type CommandUnknownOpts } from "@commander-js/extra-typings";
import { Problem } from "../program";
import type { Connection } from "./connection";
import { addExamples, verbsOf } from "./examples";

type Add = (group: Command, connection: Connection) => void;
/** What the first word names. Loaded when it is wanted: the libraries of all take seconds. */
type Group = readonly [name: string, about: string, load: () => Promise<Add>];

const CHECK = "what is unsafe or missing, each with its fix; exit 1 if anything is";
const GUARDS = "every page, layout, handler and action with its guard; exit 1 if one has none";
const GROUPS: readonly Group[] = [
  ["users", "people who can sign in", async () => (await import("./users")).addUserCommands],
  ["sessions", "signed-in browsers", async () => (await import("./sessions")).addSessionCommands],
  ["events", "what has happened", async () => (await import("./events")).addEventCommands],
  ["mail", "mails, sent or not", async () => (await import("./mail")).addMailCommands],
  ["django", "moving in from Django", async () => (await import("./django")).addDjangoCommands],
  ["check", CHECK, async () => (await import("./check")).addCheckCommand],
  ["guards", GUARDS, async () => (await import("./guards")).addGuardCommand],
];

/** The command line with the verbs of these groups; the others are there by name alone. */
export async function commands(
  connection: Connection,
  program: CommandUnknownOpts = new Command("manage"),
  wanted = GROUPS,
): Promise<CommandUnknownOpts> {
  const groups = namesOn(program);
  for (const [name, , load] of wanted) {
    const group = groups.get(name);
    if (group) (await load())(group, connection);
  }
  for (const [words, verb] of verbsOf(program)) {
    // What exports always prints JSON, and says so.
    if (!verb.options.some(({ long }) => long === "--json"))
      verb.option("--json", "print one JSON document");
    addExamples(words, verb);
  }
  return program;
}

function namesOn(program: CommandUnknownOpts): ReadonlyMap<string, Command> {
  const names = GROUPS.map(([name]) => name).join("|");
  program
    .description("Looks after users, sessions, events and mail, and after what they rest on.")
    .usage(`${names} <verb> [options]   (npm run manage -- users list)`)
    .helpCommand(false)
    .exitOverride();
  return new Map(
    GROUPS.map(([name, about]) => [name, program.command(name).description(about)] as const),
  );
}

/** Runs the command that these words name: 0 done, 2 wrong usage. Throws a Problem that says why it failed. */
export async function runCommands(words: readonly string[], stop: AbortSignal): Promise<number> {
  const wanted = GROUPS.filter(([name]) => name === words[0]);
  const program = new Command("manage");
  if (wanted.length === 0) {
    namesOn(program);
    return run(program, words.length === 0 ? ["--help"] : words);
  }
  const { Connection } = await import("./connection");
  const connection = new Connection(stop);
  try {
    return await run(await commands(connection, program, wanted), words);
  } finally {
    await connection.close();
  }
}

async function run(program: CommandUnknownOpts, words: readonly string[]): Promise<number> {
  try {
    await program.parseAsync(words, { from: "user" });
    return 0;
  } catch (error) {
    if (error instanceof CommanderError) return error.exitCode === 0 ? 0 : 2;
    const { explain } = await import("../explain");
    throw new Problem(explain(error));
  }
}
