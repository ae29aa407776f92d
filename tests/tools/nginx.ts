import { join } from "node:path";
import { findOrInstall } from "@/scripts/programs";
import { dataFolder } from "@/scripts/root";

const NO_NGINX = `There is no nginx here, which the tests behind a proxy need. One of these helps:
  - install nginx, so that it is found on PATH
  - on Debian, run this once as root, which installs the package nginx-light
Then start again.`;

/** The path of an nginx: the machine's own, or Debian's, brought now. */
export async function nginxPath(stop: AbortSignal): Promise<string> {
  const logFile = join(dataFolder, "apt-nginx.log");
  const wanted = { names: ["nginx"], packages: ["nginx-light"], logFile, lack: NO_NGINX };
  return findOrInstall(wanted, stop);
}
