import { join } from "node:path";
import { canInstallPackages, installPackages } from "@/scripts/debian";
import { findProgram } from "@/scripts/find-program";
import { Problem } from "@/scripts/program";
import { dataFolder } from "@/scripts/root";

const NO_NGINX = `There is no nginx here, which the tests behind a proxy need. One of these helps:
  - install nginx, so that it is found on PATH
  - on Debian, run this once as root, which installs the package nginx-light
Then start again.`;

/** The path of an nginx: the machine's own, or Debian's, brought now. */
export async function nginxPath(stop: AbortSignal): Promise<string> {
  const found = findProgram(["nginx"]);
  if (found) return found;
  if (!canInstallPackages()) throw new Problem(NO_NGINX);
  await installPackages(["nginx-light"], join(dataFolder, "apt-nginx.log"), stop);
  const brought = findProgram(["nginx"]);
  if (!brought) throw new Problem(NO_NGINX);
  return brought;
}
