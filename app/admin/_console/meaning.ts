import "server-only";
import { z } from "zod";
import { type Network, networkOf } from "@/lib/device";

/** What somebody can mean by what they type into the one box of a list. */
export type Meaning =
  | { readonly sessionId: string }
  | { readonly network: Network }
  /** A part of a user name, an email or a name, or an id. */
  | { readonly person: string };

/** A session's id, an address, a network or the beginning of one; anything else means a person. */
export function meaningOf(typed: string): Meaning {
  if (z.uuid().safeParse(typed).success) return { sessionId: typed.toLowerCase() };
  const network = networkOf(typed) ?? networkOf(begun(typed));
  return network ? { network } : { person: typed };
}

// "192.0.2." is how people have always asked for 192.0.2.0/24.
function begun(typed: string): string {
  if (!/^(\d{1,3}\.){1,3}$/.test(typed)) return "";
  const parts = typed.split(".").slice(0, -1);
  return `${[...parts, "0", "0", "0"].slice(0, 4).join(".")}/${parts.length * 8}`;
}
