// What keeps people from reading or using a page.
import axe, { type RunOnly } from "axe-core";
import type { Page } from "playwright";

const PHONE = { width: 360, height: 800 };
const DESKTOP = { width: 1280, height: 800 };
/** 1280 pixels at 200 % and at 400 %, which is as narrow as WCAG asks for. */
const ZOOMED = [
  { width: 640, height: 400 },
  { width: 320, height: 256 },
];

const ALL: RunOnly = {
  type: "tag",
  values: ["wcag2a", "wcag2aa", "wcag21a", "wcag21aa", "wcag22aa", "best-practice"],
};
const COLOURS: RunOnly = { type: "rule", values: ["color-contrast", "link-in-text-block"] };

declare global {
  interface Window {
    /** In a page that `findings` has looked at. */
    axe: typeof axe;
  }
}

/** What axe finds wrong with a page, on a phone and on a desktop, light and dark. */
export async function findings(page: Page): Promise<string[]> {
  // Once for all that is looked at: it is half a megabyte of script.
  await page.evaluate(axe.source);
  const found: string[] = [];
  for (const size of [PHONE, DESKTOP]) {
    await page.setViewportSize(size);
    for (const colorScheme of ["light", "dark"] as const) {
      await page.emulateMedia({ colorScheme });
      // Only the colours differ in the dark.
      const violations = await run(page, colorScheme === "light" ? ALL : COLOURS);
      found.push(...violations.map((words) => `${colorScheme}, ${size.width} wide: ${words}`));
    }
  }
  return found;
}

/** The widths of the window at which a page is wider than it, and by how many pixels. */
export async function overhangs(page: Page): Promise<string[]> {
  const found: string[] = [];
  for (const size of [PHONE, ...ZOOMED]) {
    await page.setViewportSize(size);
    const pixels = await page.evaluate(
      () => document.documentElement.scrollWidth - document.documentElement.clientWidth,
    );
    if (pixels > 0) found.push(`${size.width} wide: ${pixels} pixels`);
  }
  return found;
}

function run(page: Page, runOnly: RunOnly): Promise<string[]> {
  return page.evaluate(async (rules) => {
    const { violations } = await window.axe.run({ runOnly: rules, resultTypes: ["violations"] });
    return violations.flatMap(({ id, nodes }) => nodes.map(({ html }) => `${id}: ${html}`));
  }, runOnly);
}
