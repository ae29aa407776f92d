import type { Command } from "commander";
import { isBuilt } from "../builds";
import { differences } from "../guards/built";
import type { Entry } from "../guards/entry";
import { projectEntries } from "../guards/project";
import { Problem } from "../program";
import { root } from "../root";
import { printJson, printTable } from "./output";

/** `guards`: reads the sources, and the build where one of these sources is there; no database. */
export function addGuardCommand(program: Command): void {
  program
    .command("guards")
    .description(
      "every page, layout, handler and server action with its guard; exit 1 if one has none",
    )
    .action((options: { json?: true }) => guards(options.json ?? false));
}

function guards(isJson: boolean): void {
  const entries = projectEntries();
  if (isJson) printJson({ entries });
  else printTable(entries.map(row), "There are no pages, handlers and actions.");
  const faults = [
    ...entries.filter(({ fault }) => fault !== null).map(inWords),
    ...(isBuilt() ? differences(entries, root) : []),
  ];
  if (faults.length > 0) throw new Problem(faults.join("\n"));
}

function inWords({ source, line, kind, method, address, fault }: Entry): string {
  const named = `${kind} ${method} ${address}`.replace(/ +/g, " ").trim();
  return `${source}:${line}: ${kind === "other" ? "" : `${named}: `}${fault}.`;
}

function row({ kind, method, address, guard, source }: Entry) {
  return { kind, address: `${method} ${address}`.trim(), guard: guard ?? "NONE", source };
}
