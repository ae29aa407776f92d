// drizzle-kit 0.31 prints some failures and exits with 0 all the same (a failed statement, a question
// that nobody is there to answer), and exits with 1 on others without a word (reading the tables).
import { Connection } from "mysql2/promise";

/** From now on, whatever fails in this process is printed and makes its exit code other than 0. */
export function failWithReason(): void {
  const printed = new Set<unknown>();
  const failed = new Set<unknown>();
  for (const name of ["log", "error"] as const) notePrintedErrors(name, printed);
  for (const name of ["query", "execute"] as const) noteFailedStatements(name, failed);
  process.on("exit", (code) => {
    for (const error of failed) if (!printed.has(error)) console.error(error);
    // Kit has called process.exit(0), but what is set here still counts.
    if (code === 0 && printed.size + failed.size > 0) process.exitCode = 1;
  });
}

function notePrintedErrors(name: "log" | "error", printed: Set<unknown>): void {
  const print = console[name];
  console[name] = (...words: unknown[]) => {
    for (const word of words) if (word instanceof Error) printed.add(word);
    print(...words);
  };
}

function noteFailedStatements(name: "query" | "execute", failed: Set<unknown>): void {
  const run = Connection.prototype[name];
  Object.assign(Connection.prototype, {
    async [name](this: Connection, ...given: unknown[]) {
      try {
        return await Reflect.apply(run, this, given);
      } catch (error) {
        failed.add(error);
        throw error;
      }
    },
  });
}
