// A real nginx in front of the app, with a folder and ports of its own.
import { spawn } from "node:child_process";
import { mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { text } from "node:stream/consumers";
import { exitOf } from "@/scripts/processes";
import { nginxPath } from "@/tests/tools/nginx";
import { until } from "./npm";
import { isOpen } from "./open-port";

export interface Site {
  readonly port: number;
  /** Where it passes requests on to. */
  readonly appPort: number;
  /** Where requests go whose paths begin with these instead. */
  readonly others?: Readonly<Record<string, number>>;
  /** What its configuration says besides that. */
  readonly lines: readonly string[];
}

/** Starts one nginx with these sites; gives what stops it. */
export async function startNginx(sites: readonly Site[]): Promise<() => Promise<void>> {
  const program = await nginxPath(new AbortController().signal);
  const folder = mkdtempSync(join(tmpdir(), "gatehouse-nginx-"));
  const file = join(folder, "nginx.conf");
  writeFileSync(file, configuration(folder, sites));
  const child = spawn(program, ["-p", folder, "-c", file, "-e", join(folder, "error.log")], {
    stdio: ["ignore", "ignore", "pipe"],
  });
  const said = text(child.stderr);
  const ended = exitOf(child);
  await until(async () => child.exitCode !== null || (await isOpen(sites[0]?.port ?? 0)));
  if (child.exitCode !== null) throw new Error(`nginx ended at once:\n${await said}`);
  return async () => {
    child.kill("SIGQUIT");
    await ended;
    rmSync(folder, { recursive: true, force: true });
  };
}

function configuration(folder: string, sites: readonly Site[]): string {
  return `
    daemon off;
    # One process, so that whoever ends it has ended all of it.
    master_process off;
    pid ${folder}/nginx.pid;
    events {}
    http {
      access_log off;
      ${["client_body", "proxy", "fastcgi", "uwsgi", "scgi"].map((kind) => `${kind}_temp_path ${folder}/${kind};`).join("\n")}
      ${sites.map(server).join("\n")}
    }`;
}

function server({ port, appPort, others = {}, lines }: Site): string {
  const locations = Object.entries({ "/": appPort, ...others }).map(
    ([path, behind]) => `
      location ${path} {
        proxy_pass http://127.0.0.1:${behind};
        ${lines.join("\n")}
      }`,
  );
  return `
    server {
      listen 127.0.0.1:${port};
      ${locations.join("")}
    }`;
}
