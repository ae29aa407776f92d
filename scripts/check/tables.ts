import { ask, TABLE_NAMES } from "@/lib/db/inspect";
import { migrationState } from "@/lib/db/migrate/migrate";
import { always, type Check, fault, onDeploy, type Subject, unless, well } from "./check";

const MIGRATE = "DATABASE_URL=<of the migrating user> npm run db:migrate";

const stateOf = ({ settings: { DATABASE_URL: urls } }: Subject) => migrationState(urls[0] ?? "");

export const TABLE_CHECKS: readonly Check[] = [
  always("migrations", "every migration is applied", async (subject) => {
    const { missing } = await stateOf(subject);
    return unless(missing.length === 0, "all", `missing: ${missing.join(", ")}`, MIGRATE);
  }),
  always("tables", "tables, columns and indexes are those of the sources", async (subject) => {
    const { differences } = await stateOf(subject);
    return unless(
      differences.length === 0,
      "the same",
      differences.join("; "),
      `${MIGRATE}, or mend by hand what was changed by hand`,
    );
  }),
  onDeploy("charset", "the database takes every letter (utf8mb4)", async () => {
    const [row] = await ask(
      `SELECT DEFAULT_CHARACTER_SET_NAME AS name FROM information_schema.SCHEMATA
         WHERE SCHEMA_NAME = DATABASE()`,
    );
    return unless(
      row?.name === "utf8mb4",
      "utf8mb4",
      `the database's character set is ${row?.name}: JSON of sessions may lose letters`,
      "ALTER DATABASE <name> CHARACTER SET utf8mb4;",
    );
  }),
  always("columns-charset", "every column of text takes every letter (utf8mb4)", async () => {
    // Not of enums, whose few words are ours.
    const rows = await ask(
      `SELECT TABLE_NAME AS name, COLUMN_NAME AS col, CHARACTER_SET_NAME AS letters
         FROM information_schema.COLUMNS
         WHERE TABLE_SCHEMA = DATABASE() AND TABLE_NAME IN (?)
           AND CHARACTER_SET_NAME <> 'utf8mb4' AND DATA_TYPE <> 'enum'
         ORDER BY TABLE_NAME, ORDINAL_POSITION`,
      [TABLE_NAMES],
    );
    const [first] = rows;
    if (!first) return well("utf8mb4");
    const columns = rows.map(({ name, col, letters }) => `${name}.${col} is ${letters}`);
    return fault(
      `what people write is refused or lost: ${columns.join(", ")}`,
      `ALTER TABLE ${first.name} CONVERT TO CHARACTER SET utf8mb4 COLLATE utf8mb4_bin;`,
    );
  }),
  onDeploy("engine", "every table is InnoDB, which knows transactions", async () => {
    const rows = await ask(
      `SELECT TABLE_NAME AS name, ENGINE AS engine FROM information_schema.TABLES
         WHERE TABLE_SCHEMA = DATABASE() AND TABLE_NAME IN (?) AND ENGINE <> 'InnoDB'`,
      [TABLE_NAMES],
    );
    const names = rows.map(({ name, engine }) => `${name} is ${engine}`);
    const [first] = rows;
    return first
      ? fault(names.join(", "), `ALTER TABLE ${first.name} ENGINE=InnoDB;`)
      : well("all");
  }),
];
