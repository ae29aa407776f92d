/** An address with those parameters that say something. */
export function addressWith(path: string, parameters: Record<string, string | undefined>): string {
  const given = Object.entries(parameters).filter((entry): entry is [string, string] => !!entry[1]);
  const query = new URLSearchParams(given);
  return query.size > 0 ? `${path}?${query}` : path;
}
