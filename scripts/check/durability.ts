import { serverVariables } from "@/lib/db/ask";
import { type Check, type Finding, fault, well } from "./check";

/** Whether what was answered survives a crash: by the values of the server's variables. */
export function durabilityFinding(variables: ReadonlyMap<string, string>): Finding {
  const wrong: string[] = [];
  if (variables.get("innodb_flush_log_at_trx_commit") !== "1")
    wrong.push("innodb_flush_log_at_trx_commit = 1");
  if (variables.get("log_bin") === "ON" && variables.get("sync_binlog") !== "1")
    wrong.push("sync_binlog = 1");
  if (wrong.length === 0) return well("each commit is on the disk");
  return fault(
    "a crash of the server brings back sessions that were ended a moment before",
    `[mysqld] ${wrong.join("; ")}`,
  );
}

export const DURABILITY_CHECKS: readonly Check[] = [
  {
    id: "durability",
    title: "what was answered is on the disk",
    run: async () =>
      durabilityFinding(
        await serverVariables("innodb_flush_log_at_trx_commit", "log_bin", "sync_binlog"),
      ),
  },
];
