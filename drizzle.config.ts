import { defineConfig } from "drizzle-kit";
import { is } from "drizzle-orm";
import { getTableConfig, MySqlTable } from "drizzle-orm/mysql-core";
import * as djangoSchema from "@/lib/db/django-schema";
import * as factorsSchema from "@/lib/db/factors-schema";
import * as mailSchema from "@/lib/db/mail-schema";
import { failWithReason, readTablesAsDeclared } from "@/lib/db/migrate/drizzle-kit";
import * as own from "@/lib/db/own-tables";
import * as schema from "@/lib/db/schema";
import { parseDatabaseUrl } from "@/lib/variables";
import { loadEnvironmentFile } from "./scripts/environment";

const tables = Object.values({
  ...schema,
  ...mailSchema,
  ...factorsSchema,
  ...djangoSchema,
  ...own,
})
  .filter((value) => is(value, MySqlTable))
  .map(getTableConfig);
const typesOf = ({ columns }: (typeof tables)[number]) =>
  new Map(columns.map((column) => [column.name, column.getSQLType()]));

loadEnvironmentFile();
const url = parseDatabaseUrl(process.env.DATABASE_URL ?? "")[0] ?? "";
const needsDatabase = ["push", "migrate", "pull", "studio"].includes(process.argv[2] ?? "");
if (needsDatabase && !url)
  console.error("DATABASE_URL must be mysql://user:password@host:port/database");

failWithReason();
readTablesAsDeclared(new Map(tables.map((table) => [table.name, typesOf(table)])));

export default defineConfig({
  dialect: "mysql",
  schema: [
    "./lib/db/schema.ts",
    "./lib/db/mail-schema.ts",
    "./lib/db/factors-schema.ts",
    "./lib/db/django-schema.ts",
    "./lib/db/own-tables.ts",
  ],
  out: "./drizzle",
  dbCredentials: { url },
  // A push leaves the tables of others alone.
  tablesFilter: tables.map(({ name }) => name),
});
