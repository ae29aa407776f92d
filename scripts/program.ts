/** Something a person has to mend; its message says what and how, and is shown alone. */
export class Problem extends Error {
  override name = "Problem";
}

/** What an error says. A refused connection to several addresses of a host has a code and no message. */
export function reasonOf(error: unknown): string {
  if (!(error instanceof Error)) return String(error);
  return error.message || ("code" in error ? String(error.code) : error.name);
}

/**
 * Runs a script to its end. `stop` is aborted by the first Ctrl-C, SIGTERM or SIGHUP; further ones
 * change nothing. What `body` returns is the exit code.
 */
export async function runProgram(body: (stop: AbortSignal) => Promise<number>): Promise<void> {
  const stop = new AbortController();
  for (const signal of ["SIGINT", "SIGTERM", "SIGHUP"] as const) {
    process.on(signal, () => stop.abort());
  }
  // A terminal that is gone must not end us before everything else has been stopped.
  process.stdout.on("error", () => {});
  process.stderr.on("error", () => {});
  try {
    process.exitCode = await body(stop.signal);
  } catch (error) {
    if (!stop.signal.aborted) process.exitCode = reportFailure(error);
  }
  await Promise.all([drained(process.stdout), drained(process.stderr)]);
  // Nothing that a library left open (a pool, a worker) may hold the process.
  process.exit();
}

// A pipe takes 64 KiB and then only what its reader has read: what still waits would be lost.
function drained(stream: NodeJS.WriteStream): Promise<void> {
  return new Promise((resolve) => {
    if (stream.writableLength === 0 || stream.destroyed) resolve();
    else stream.write("", () => resolve());
  });
}

function reportFailure(error: unknown): number {
  const isForPeople =
    error instanceof Problem || (error instanceof Error && error.name === "SettingsError");
  console.error(isForPeople ? error.message : error);
  return 1;
}

/** Shows how far long work is, over what was shown before; on a terminal alone. */
export function tellProgress(words: string): void {
  if (process.stderr.isTTY) process.stderr.write(`\r\u001b[K${words}`);
}
