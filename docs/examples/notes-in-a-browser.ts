import type { Browser } from "playwright";
import { newUser } from "@/tests/helpers/people";
import { signInAs } from "@/tests/helpers/sessions";

export async function opensNotes(browser: Browser, origin: string): Promise<string> {
  const context = await browser.newContext({ baseURL: origin });
  const session = await signInAs(await newUser());
  await session.addTo(context, origin);
  const page = await context.newPage();
  await page.goto("/notes");
  return page.getByRole("heading").innerText();
}
