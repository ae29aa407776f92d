/** Tells a password manager whose password a form without a user name is about. */
export function UsernameField({ username }: { username: string }) {
  return (
    <input type="text" name="username" value={username} autoComplete="username" readOnly hidden />
  );
}
