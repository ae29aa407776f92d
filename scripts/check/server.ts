// What the server says of itself, and of the way to it.
import { ask, serverVariables } from "@/lib/db/inspect";
import { settings } from "@/lib/env";
import { isLoopback } from "@/lib/variables";
import { always, type Check, type Finding, fault, onDeploy, unless, well } from "./check";
import { isAtLeast } from "./packages";

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

async function one(question: string): Promise<unknown> {
  const [row] = await ask(`SELECT ${question} AS found`);
  return row?.found;
}

export const SERVER_CHECKS: readonly Check[] = [
  always("server-version", "the database server is new enough", async () =>
    versionFinding(String(await one("VERSION()"))),
  ),
  always("clock", "the database's clock agrees with this one", async () => {
    const before = new Date();
    const seconds = Number(await one("UNIX_TIMESTAMP(NOW(3))"));
    return clockFinding(before, new Date(seconds * 1000), new Date());
  }),
  onDeploy("time-zone", "the database's time zone is UTC", async () =>
    zoneFinding(Number(await one("TIMESTAMPDIFF(SECOND, UTC_TIMESTAMP(), NOW())"))),
  ),
  onDeploy(
    "sql-mode",
    "the database refuses values that do not fit (strict SQL mode)",
    async () => {
      const mode = (await serverVariables("sql_mode")).get("sql_mode") ?? "";
      return unless(
        /\bSTRICT_(TRANS|ALL)_TABLES\b/.test(mode),
        "strict",
        "without strict SQL mode what is too long is cut in silence",
        "[mysqld] sql_mode = STRICT_TRANS_TABLES,ERROR_FOR_DIVISION_BY_ZERO,NO_ENGINE_SUBSTITUTION",
      );
    },
  ),
  onDeploy("isolation", "transactions see nothing that is not committed", async () => {
    const names = ["transaction_isolation", "tx_isolation"] as const;
    const variables = await serverVariables(...names);
    const level = names.map((name) => variables.get(name)).find(Boolean) ?? "unknown";
    return level === "READ-UNCOMMITTED"
      ? fault(`the isolation level is ${level}`, "[mysqld] transaction-isolation = REPEATABLE-READ")
      : well(level);
  }),
  onDeploy("durability", "what was answered is on the disk", async () =>
    durabilityFinding(
      await serverVariables("innodb_flush_log_at_trx_commit", "log_bin", "sync_binlog"),
    ),
  ),
];

const USE_TLS = 'DATABASE_URL=mysql://…/db?ssl={"rejectUnauthorized":true}';

/** Whether the way to a database is safe: by its URLs, and the cipher that a connection has. */
export function tlsFinding(urls: readonly string[], cipher: string): Finding {
  const remote = urls.map((url) => new URL(url)).filter(({ hostname }) => !isLoopback(hostname));
  const [first] = remote;
  if (!first) return well("the database is on this machine");
  if (cipher === "")
    return fault(`what goes to ${first.hostname} can be read and changed on the way`, USE_TLS);
  const isUnverified = remote.some(({ searchParams }) =>
    /"rejectUnauthorized"\s*:\s*false/.test(searchParams.get("ssl") ?? ""),
  );
  return isUnverified ? fault("any server's certificate is taken", USE_TLS) : well(cipher);
}

// For people, backups and replication.
const SPARE = 5;

/** Whether the server has room for the pools of all instances, and of one more while they change. */
export function capacityFinding(instances: number, mostConnections: number): Finding {
  const needed = settings().DATABASE_POOL_SIZE * (instances + 1) + SPARE;
  return unless(
    needed <= mostConnections,
    `${instances} instance(s), and one more while they change, of ${mostConnections}`,
    `${instances} instance(s) need ${needed} connections with one more while they change; the server takes ${mostConnections}`,
    `[mysqld] max_connections = ${needed}`,
  );
}

/** How many instances are to be seen: by the hosts of our user's connections, and by their number. */
async function instancesSeen(): Promise<number> {
  const rows = await ask("SHOW PROCESSLIST");
  const [self] = await ask("SELECT SUBSTRING_INDEX(USER(), '@', 1) AS user");
  const ours = rows.filter(({ User }) => User === self?.user);
  const hosts = new Set(ours.map(({ Host }) => String(Host).replace(/:\d+$/, "")));
  return Math.max(hosts.size, Math.ceil(ours.length / settings().DATABASE_POOL_SIZE), 1);
}

export const CONNECTION_CHECKS: readonly Check[] = [
  onDeploy(
    "tls",
    "a database elsewhere is reached by TLS",
    async ({ settings: { DATABASE_URL: urls } }) => {
      const [row] = await ask("SHOW SESSION STATUS LIKE 'Ssl_cipher'");
      return tlsFinding(urls, String(row?.Value ?? ""));
    },
  ),
  onDeploy("connections", "the server has connections for every instance", async () => {
    const variables = await serverVariables("max_connections");
    return capacityFinding(await instancesSeen(), Number(variables.get("max_connections")));
  }),
];
