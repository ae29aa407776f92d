import { z } from "zod";
import { ROLES } from "@/lib/roles";

/** What the words of a mail tell of; each kind needs some of it. */
export const Detail = z.object({
  /** Of whom it is written to. */
  name: z.string().default(""),
  username: z.string().default(""),
  /** An address that is not the recipient's. */
  email: z.string().default(""),
  /** "Firefox 141 on Windows". */
  device: z.string().default(""),
  ipAddress: z.string().default(""),
  /** When it happened, in ISO 8601. */
  at: z.iso.datetime().optional(),
  role: z.enum(ROLES).optional(),
  /** How many recovery codes are good. */
  left: z.int().default(0),
});
export type MailDetail = Partial<z.infer<typeof Detail>>;

/** The site that a mail comes from. */
export interface Site {
  readonly name: string;
  readonly url: URL;
}

/** A link: a path of the site, and what to press. */
export interface Link {
  readonly path: string;
  readonly label: string;
  /** Whether the mail's token is in it; without one it is an address that anybody may know. */
  readonly isPlain?: boolean;
}

/** What happened, line by line: a term and what it was. */
export type Facts = readonly (readonly [string, string])[];

export interface Draft {
  readonly subject: string;
  /** Paragraphs, facts and links, from the top. */
  readonly parts: readonly (string | Link | Facts)[];
}

/** What is told. */
export type Told = z.infer<typeof Detail>;
/** Writes a mail. */
export type Write = (detail: Told, site: Site) => Draft;

/** Where to go where a password may be in other hands. */
export const FORGOTTEN = {
  path: "/forgot-password",
  label: "Set a new password",
  isPlain: true,
} as const;

/** What happened, as far as it is told. */
export function happened({ at, device, ipAddress }: Told): Facts {
  const facts: Facts = [
    ["Device", device],
    ["Network address", ipAddress],
    ["Time", at ? momentWords(at) : ""],
  ];
  return facts.filter(([, what]) => what !== "");
}

/** A moment as mails write it, in UTC. */
export function momentWords(at: string): string {
  const format = new Intl.DateTimeFormat("en-GB", {
    dateStyle: "long",
    timeStyle: "short",
    timeZone: "UTC",
  });
  return `${format.format(new Date(at))} UTC`;
}
