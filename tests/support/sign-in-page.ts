// The sign-in page as a person finds it: by labels and by words.
import type { BrowserContext, Cookie, Locator, Page } from "playwright";
import { PASSWORD } from "@/tests/helpers/people";

export const heading = (page: Page): Locator => page.getByRole("heading", { name: "Sign in" });
export const form = (page: Page): Locator => page.getByRole("form", { name: "Sign in" });
export const identifier = (page: Page): Locator => page.getByLabel("User name or email");
export const password = (page: Page): Locator => page.getByLabel("Password", { exact: true });
export const staySignedIn = (page: Page): Locator => page.getByLabel("Stay signed in");

/** Types both and presses the button; returns once the answer is there. */
export async function submit(page: Page, name: string, secret = PASSWORD): Promise<void> {
  await identifier(page).fill(name);
  await password(page).fill(secret);
  const answered = page.waitForResponse((response) => response.request().method() === "POST");
  await form(page).getByRole("button", { name: "Sign in" }).click();
  await answered;
}

/** The session cookies that the browser keeps, whatever their path or domain. */
export async function sessionCookies(context: BrowserContext): Promise<Cookie[]> {
  return (await context.cookies()).filter(({ name }) => name.endsWith("session"));
}
