/**
 * The user has been disabled, deleted, or given another password since this one was checked. Their
 * sessions have been ended, and a late one must not come after that.
 */
export class SignInOvertaken extends Error {
  override readonly name = "SignInOvertaken";

  constructor() {
    super("the user could not be signed in: disabled, deleted or of another password by now");
  }
}
