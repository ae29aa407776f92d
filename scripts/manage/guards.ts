import type { CommandUnknownOpts } from "@commander-js/extra-typings";
import { isBuilt } from "../builds";
import { differences } from "../guards/built";
import type { Entry } from "../guards/entry";
import { projectEntries } from "../guards/project";
import { root } from "../root";
import { type Outcome, printing, printTable } from "./output";

/** `guards`: reads the sources, and the build where one of these sources is there; no database. */
export function addGuardCommand(verb: CommandUnknownOpts): void {
  verb.action(printing(guards));
}

function guards(): Outcome {
  const entries = projectEntries();
  const faults = [
    ...entries.filter(({ fault }) => fault !== null).map(inWords),
    ...(isBuilt() ? differences(entries, root) : []),
  ];
  return {
    json: { entries },
    words: () => printTable(entries.map(row), "There are no pages, handlers and actions."),
    fault: faults.join("\n"),
  };
}

function inWords({ source, line, kind, method, address, fault }: Entry): string {
  const named = `${kind} ${method} ${address}`.replace(/ +/g, " ").trim();
  return `${source}:${line}: ${kind === "other" ? "" : `${named}: `}${fault}.`;
}

function row({ kind, method, address, guard, source }: Entry) {
  return { kind, address: `${method} ${address}`.trim(), guard: guard ?? "NONE", source };
}
