// A real Django site (tests/fixtures/django/djangosite.py) under gunicorn, on a database of the test's.
import { execFile, spawn } from "node:child_process";
import { join } from "node:path";
import { text } from "node:stream/consumers";
import { promisify } from "node:util";
import { freePort } from "@/scripts/free-port";
import { exitOf } from "@/scripts/processes";
import { root } from "@/scripts/root";
import { type DjangoRelease, djangoPython } from "@/tests/tools/django";
import { until } from "./npm";
import { isOpen } from "./open-port";

const folder = join(root, "tests/fixtures/django");
const run = promisify(execFile);

export interface RealDjango {
  readonly version: string;
  readonly port: number;
  /** Runs the site's own program; what it prints. */
  command(...words: string[]): Promise<string>;
  stop(): Promise<void>;
}

interface Site {
  readonly databaseUrl: string;
  readonly secretKey: string;
  /** What the people have whom it makes. */
  readonly password: string;
}

/** Makes its tables, and starts it. */
export async function startDjango(
  release: DjangoRelease,
  { databaseUrl, secretKey, password }: Site,
): Promise<RealDjango> {
  const python = await djangoPython(release, new AbortController().signal);
  const env = {
    ...process.env,
    DATABASE_URL: databaseUrl,
    SECRET_KEY: secretKey,
    PASSWORD: password,
  };
  const command = async (...words: string[]) => {
    const options = { cwd: folder, env, maxBuffer: 64 * 1024 ** 2 };
    return (await run(python, ["djangosite.py", ...words], options)).stdout;
  };
  await command("migrate");
  const version = (await command("version")).trim();
  const port = await freePort();
  const words = ["-m", "gunicorn", "-b", `127.0.0.1:${port}`, "--threads", "4", "--chdir", folder];
  const child = spawn(python, [...words, "djangosite:application"], {
    cwd: folder,
    env,
    stdio: ["ignore", "ignore", "pipe"],
  });
  const said = text(child.stderr);
  const ended = exitOf(child);
  await until(async () => child.exitCode !== null || (await isOpen(port)));
  if (child.exitCode !== null) throw new Error(`gunicorn ended at once:\n${await said}`);
  const stop = async () => {
    child.kill("SIGTERM");
    await ended;
  };
  return { version, port, command, stop };
}
