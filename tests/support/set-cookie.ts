// `Set-Cookie`, read as a browser reads it (RFC 6265bis).

export interface SentCookie {
  readonly name: string;
  readonly value: string;
  /** By lower-case name; a flag without a value is there with an empty one. */
  readonly attributes: ReadonlyMap<string, string>;
}

export function parseSetCookie(line: string): SentCookie {
  const [pair = "", ...rest] = line.split(";").map((part) => part.trim());
  const [name, value] = split(pair);
  const attributes = new Map(rest.map(split).map(([key, text]) => [key.toLowerCase(), text]));
  return { name, value, attributes };
}

/** Whether the browser drops the cookie instead of keeping it. */
export function isClearing({ value, attributes }: SentCookie): boolean {
  return value === "" && attributes.get("max-age") === "0";
}

function split(pair: string): [string, string] {
  const at = pair.indexOf("=");
  return at < 0 ? [pair, ""] : [pair.slice(0, at).trim(), pair.slice(at + 1).trim()];
}
