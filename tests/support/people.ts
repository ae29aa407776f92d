// What may become of a user, as a test brings it about.
import type { TestUser } from "@/tests/helpers/people";
import { postJson } from "./asking";
import type { Requesting } from "./raw-request";
import { change } from "./sql";

/** Closes an account to strangers, as a hundred wrong passwords do. */
export async function closeAccount({ id }: Pick<TestUser, "id">): Promise<void> {
  for (const row of ["account", "closed"])
    await change("REPLACE INTO throttle (`key`, points) VALUES (?, 100)", [`${row}:user ${id}`]);
}

/** Makes the last proof of a user's sessions 16 minutes old: one too many. */
export async function makeProofOld({ id }: Pick<TestUser, "id">): Promise<void> {
  const back = "authenticated_at = authenticated_at - INTERVAL 16 MINUTE";
  await change(`UPDATE sessions SET ${back} WHERE user_id = ?`, [id]);
}

/** Signs in by the API; the cookie as a `Cookie` header has it: `name=value`. */
export async function signIn(
  app: Requesting,
  { username, password }: Pick<TestUser, "username" | "password">,
  { remember = false } = {},
): Promise<string> {
  const { status, setCookies } = await app.request(
    "/api/session",
    postJson({ identifier: username, password, remember }),
  );
  const pair = setCookies[0]?.split(";")[0];
  if (!pair) throw new Error(`${username} could not sign in: ${status}`);
  return pair;
}
