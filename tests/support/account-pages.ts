// Whoever is signed in, on the pages of their own account.

import { newUser, PASSWORD, type TestUser } from "@/tests/helpers/people";
import { signInAs } from "@/tests/helpers/sessions";
import type { RawResponse } from "./raw-request";
import type { SharedApp } from "./running-app";
import { newVisitor, type Visitor } from "./visitor";

export const PASSWORD_PAGE = "/account/password";
export const NEW_PASSWORD = "nine bees in a paper hat";

/** A browser without JavaScript in which somebody new is signed in. */
export async function signedInVisitor(
  app: SharedApp,
  given?: TestUser,
): Promise<{ user: TestUser; visitor: Visitor }> {
  const user = given ?? (await newUser());
  const visitor = newVisitor(app);
  const [name = "", value = ""] = (await signInAs(user)).cookie.split(/=(.*)/s);
  visitor.jar.set(name, value);
  return { user, visitor };
}

interface Typed {
  readonly currentPassword?: string;
  readonly newPassword?: string;
  readonly confirmPassword?: string;
}

/** Sends the form that changes the password; what is not given is typed right. */
export function sendNewPassword(visitor: Visitor, typed: Typed = {}): Promise<RawResponse> {
  const { currentPassword = PASSWORD, newPassword = NEW_PASSWORD } = typed;
  const { confirmPassword = newPassword } = typed;
  return visitor.submit(PASSWORD_PAGE, "Change password", [
    ["currentPassword", currentPassword],
    ["newPassword", newPassword],
    ["confirmPassword", confirmPassword],
  ]);
}
