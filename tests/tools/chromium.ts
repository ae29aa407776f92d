import { existsSync } from "node:fs";
import { join } from "node:path";
import { chromium } from "playwright";
import { Problem } from "@/scripts/program";
import { canInstallPackages, findProgram, installPackages } from "@/scripts/programs";
import { dataFolder } from "@/scripts/root";

// The shell is the same engine without the browser's own windows, which take half of the time.
const SHELL = "chromium-headless-shell";
const NAMES = [SHELL, "chromium", "chromium-browser", "google-chrome-stable", "google-chrome"];
const NO_BROWSER = `There is no Chromium here, which the browser tests need. One of these helps:
  - install Chromium or Google Chrome, so that it is found on PATH
  - npx playwright install chromium
  - on Debian, run this once as root, which installs the package chromium-headless-shell
Then start again.`;

/** The path of a Chromium: the machine's own, Playwright's, or Debian's, brought now. */
export async function chromiumPath(stop: AbortSignal): Promise<string> {
  const found = findProgram(NAMES);
  if (found) return found;
  if (existsSync(chromium.executablePath())) return chromium.executablePath();
  if (!canInstallPackages()) throw new Problem(NO_BROWSER);
  const log = join(dataFolder, "apt-chromium.log");
  // Debian's older releases have no package of the shell alone.
  await installPackages([SHELL], log, stop).catch(() => installPackages(["chromium"], log, stop));
  const brought = findProgram(NAMES);
  if (!brought) throw new Problem(NO_BROWSER);
  return brought;
}
