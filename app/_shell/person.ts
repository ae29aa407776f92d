/** As much of a user as the frame of a page shows. */
export type Person = { username: string; email: string; name: string };

export function displayName({ name, username }: Person): string {
  return name || username;
}
