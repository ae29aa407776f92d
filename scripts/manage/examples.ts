import type { CommandUnknownOpts } from "@commander-js/extra-typings";

/** What `--help` of a verb shows of how it is used; the bare words where nothing is said here. */
export const EXAMPLES: Readonly<Record<string, readonly string[]>> = {
  "users create": [
    "users create --username ada --email ada@example.com --role admin --generate-password",
    "users create --username bob --email bob@example.com --password-stdin < password.txt",
  ],
  "users list": ["users list --role admin", "users list --status disabled --json"],
  "users set-password": [
    "users set-password ada",
    "users set-password ada --password-stdin < password.txt",
  ],
  "users set-role": ["users set-role ada staff"],
  "users disable": ["users disable ada@example.com"],
  "users enable": ["users enable ada"],
  "users unlock": ["users unlock ada"],
  "users factors": ["users factors ada"],
  "users reset-factors": ["users reset-factors ada", "users reset-factors ada --now"],
  "users import": [
    "users import users.json --group editors=staff --link anna",
    "users import users.json --model accounts.person --map username=email",
    "users import --table",
  ],
  "users export": ["users export ada > ada.json"],
  "users erase": ["users erase ada --yes"],
  "sessions list": ["sessions list --user ada --limit 20"],
  "sessions show": ["sessions show 01890000-0000-7000-8000-000000000000"],
  "sessions why": ["sessions why ada", "sessions why 01890000-0000-7000-8000-000000000000"],
  "sessions revoke": ["sessions revoke --user ada", "sessions revoke --all --yes"],
  "sessions policy preview": [
    "sessions policy preview --idle 30m",
    "sessions policy preview --absolute 86400 --limit 5 --json",
  ],
  "sessions drill leak": ["sessions drill leak", "sessions drill leak --url http://localhost:3000"],
  "events list": [
    "events list --type sign_in_failed --user ada --since 24h",
    "events list --address 203.0.113.7",
    "events list --follow",
  ],
  "mail list": ["mail list --state failed", "mail list --user ada --json"],
  "mail retry": ["mail retry", "mail retry 01890000-0000-7000-8000-000000000000"],
  check: ["check", "check --deploy", "check --deploy --accept proxies,time-zone"],
};

/** Adds the examples of a verb to its help. */
export function addExamples(words: string, verb: CommandUnknownOpts): void {
  const lines = (EXAMPLES[words] ?? [words]).map((line) => `  npm run manage -- ${line}`);
  verb.addHelpText("after", `\nExamples:\n${lines.join("\n")}`);
}

/** Every verb with the words that call it. */
export function verbsOf(
  command: CommandUnknownOpts,
  before: readonly string[] = [],
): [string, CommandUnknownOpts][] {
  return command.commands.flatMap((each): [string, CommandUnknownOpts][] => {
    const words = [...before, each.name()];
    return each.commands.length > 0 ? verbsOf(each, words) : [[words.join(" "), each]];
  });
}
