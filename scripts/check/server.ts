import { ask, serverVariables } from "@/lib/db/ask";
import { type Check, type Finding, fault, unless, well } from "./check";
import { isAtLeast } from "./versions";

const MOST_DIFFERENCE_MS = 2000;

/** Whether this version of a server is one that Gatehouse is tested with. */
export function versionFinding(version: string): Finding {
  const [number = "0"] = /^\d+(\.\d+)*/.exec(version) ?? [];
  const isMariadb = /mariadb/i.test(version);
  const floor = isMariadb ? "10.6.0" : "8.0.29";
  const name = isMariadb ? "MariaDB" : "MySQL";
  return unless(
    isAtLeast(number, floor),
    `${name} ${number}`,
    `${name} ${number} is older than ${floor}`,
    `a server of ${name} ${floor} or newer`,
  );
}

/** Whether the server's clock agrees with this machine's, between `before` and `after` its answer. */
export function clockFinding(before: Date, server: Date, after: Date): Finding {
  const early = before.getTime() - server.getTime();
  const late = server.getTime() - after.getTime();
  const differenceMs = Math.max(early, late, 0);
  return unless(
    differenceMs <= MOST_DIFFERENCE_MS,
    `within ${MOST_DIFFERENCE_MS} ms`,
    `the database's clock differs by ${differenceMs} ms: rows that it dates come out wrong`,
    "run NTP on both machines (timedatectl set-ntp true)",
  );
}

/** Whether a server whose time zone is so many seconds from UTC shows people the times that rows hold. */
export function zoneFinding(offsetSeconds: number): Finding {
  return unless(
    offsetSeconds === 0,
    "UTC",
    `the server's time zone is ${offsetSeconds} s from UTC: what people compare with NOW() by hand is off`,
    "[mysqld] default-time-zone = +00:00",
  );
}

async function one(question: string): Promise<unknown> {
  const [row] = await ask(`SELECT ${question} AS answer`);
  return row?.answer;
}

export const SERVER_CHECKS: readonly Check[] = [
  {
    id: "server-version",
    title: "the database server is new enough",
    always: true,
    run: async () => versionFinding(String(await one("VERSION()"))),
  },
  {
    id: "clock",
    title: "the database's clock agrees with this one",
    always: true,
    run: async () => {
      const before = new Date();
      const seconds = Number(await one("UNIX_TIMESTAMP(NOW(3))"));
      return clockFinding(before, new Date(seconds * 1000), new Date());
    },
  },
  {
    id: "time-zone",
    title: "the database's time zone is UTC",
    run: async () =>
      zoneFinding(Number(await one("TIMESTAMPDIFF(SECOND, UTC_TIMESTAMP(), NOW())"))),
  },
  {
    id: "sql-mode",
    title: "the database refuses values that do not fit (strict SQL mode)",
    run: async () => {
      const mode = (await serverVariables("sql_mode")).get("sql_mode") ?? "";
      return unless(
        /\bSTRICT_(TRANS|ALL)_TABLES\b/.test(mode),
        "strict",
        "without strict SQL mode what is too long is cut in silence",
        "[mysqld] sql_mode = STRICT_TRANS_TABLES,ERROR_FOR_DIVISION_BY_ZERO,NO_ENGINE_SUBSTITUTION",
      );
    },
  },
  {
    id: "isolation",
    title: "transactions see nothing that is not committed",
    run: async () => {
      const names = ["transaction_isolation", "tx_isolation"] as const;
      const variables = await serverVariables(...names);
      const level = names.map((name) => variables.get(name)).find(Boolean) ?? "unknown";
      return level === "READ-UNCOMMITTED"
        ? fault(
            `the isolation level is ${level}`,
            "[mysqld] transaction-isolation = REPEATABLE-READ",
          )
        : well(level);
    },
  },
];
