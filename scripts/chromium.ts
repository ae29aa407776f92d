import { existsSync } from "node:fs";
import { join } from "node:path";
import { chromium } from "playwright";
import { canInstallPackages, installPackages } from "./debian";
import { findProgram } from "./find-program";
import { Problem } from "./program";
import { dataFolder } from "./root";

const NAMES = ["chromium", "chromium-browser", "google-chrome-stable", "google-chrome"];
const NO_BROWSER = `There is no Chromium here, which the browser tests need. One of these helps:
  - install Chromium or Google Chrome, so that it is found on PATH
  - npx playwright install chromium
  - on Debian, run this once as root, which installs the package chromium
Then start again.`;

/** The path of a Chromium: the machine's own, Playwright's, or Debian's, brought now. */
export async function chromiumPath(stop: AbortSignal): Promise<string> {
  const found = findProgram(NAMES);
  if (found) return found;
  if (existsSync(chromium.executablePath())) return chromium.executablePath();
  if (!canInstallPackages()) throw new Problem(NO_BROWSER);
  await installPackages(["chromium"], join(dataFolder, "apt-chromium.log"), stop);
  const brought = findProgram(NAMES);
  if (!brought) throw new Problem(NO_BROWSER);
  return brought;
}
