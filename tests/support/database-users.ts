// Users of a test file's own server, made by its root.

const HOST = "127.0.0.1";

/** What makes a user that may do `privileges` to the database of an own server. */
export function userSql(name: string, privileges: string, object = "`gatehouse`.*"): string[] {
  const who = `'${name}'@'${HOST}'`;
  return [
    `CREATE USER IF NOT EXISTS ${who} IDENTIFIED BY '${passwordOf(name)}';`,
    `GRANT ${privileges} ON ${object} TO ${who};`,
  ];
}

/** A URL for another user that `userSql` made. */
export function urlOf(name: string, url: string): string {
  const other = new URL(url);
  other.username = name;
  other.password = passwordOf(name);
  return other.href;
}

const passwordOf = (name: string) => `password-of-${name}`;
