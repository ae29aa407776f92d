// The page that changes the password, as a person finds it: by labels and by words.
import type { Locator, Page } from "playwright";

export const currentPassword = (page: Page): Locator => page.getByLabel("Current password");
export const newPassword = (page: Page): Locator =>
  page.getByLabel("New password", { exact: true });
export const confirmPassword = (page: Page): Locator => page.getByLabel("New password, once more");
export const form = (page: Page): Locator => page.getByRole("form", { name: "Change password" });
/** What the page says of a new password while it is typed. */
export const strength = (page: Page): Locator => form(page).getByRole("status");

/** Fills in all three and presses the button; returns once the answer is there. */
export async function submit(
  page: Page,
  typed: { current: string; next: string; again?: string },
): Promise<void> {
  await currentPassword(page).fill(typed.current);
  await newPassword(page).fill(typed.next);
  await confirmPassword(page).fill(typed.again ?? typed.next);
  const answered = page.waitForResponse((response) => response.request().method() === "POST");
  await form(page).getByRole("button", { name: "Change password" }).click();
  await answered;
}
