// What keeps people from reading or using a page.
import { AxeBuilder } from "@axe-core/playwright";
import type { Page } from "playwright";

export const PHONE = { width: 360, height: 800 };
export const DESKTOP = { width: 1280, height: 800 };
/** 1280 pixels at 200 % and at 400 %, which is as narrow as WCAG asks for. */
export const ZOOMED = [
  { width: 640, height: 400 },
  { width: 320, height: 256 },
];

const TAGS = ["wcag2a", "wcag2aa", "wcag21a", "wcag21aa", "wcag22aa", "best-practice"];
const COLOURS = ["color-contrast", "link-in-text-block"];

/** What axe finds wrong with a page; only the colours differ in the dark. */
export async function findings(page: Page, { light }: { light: boolean }): Promise<string[]> {
  await page.emulateMedia({ colorScheme: light ? "light" : "dark" });
  // Otherwise it opens a page of its own each time, to put together what many frames say.
  const axe = new AxeBuilder({ page }).setLegacyMode();
  const { violations } = await (light ? axe.withTags(TAGS) : axe.withRules(COLOURS)).analyze();
  return violations.flatMap(({ id, nodes }) => nodes.map(({ html }) => `${id}: ${html}`));
}

/** By how many pixels a page is wider than its window. */
export function overhang(page: Page): Promise<number> {
  return page.evaluate(
    () => document.documentElement.scrollWidth - document.documentElement.clientWidth,
  );
}
