import ipaddr from "ipaddr.js";

// What providers give a connection, a household, and a site or a machine that is for hire (RIPE-690).
const IPV6_PREFIXES = [64, 56, 48] as const;

/**
 * The blocks that an address counts with, the smallest first: an IPv4 address alone; of an IPv6 one
 * its /64, /56 and /48, since one customer has 2^64 addresses and up to 65,536 networks to try from
 * (ASVS 6.3.1). What is no address counts as one together.
 */
export function addressBlocks(address: string): readonly [string, ...string[]] {
  if (!ipaddr.isValid(address)) return ["none"];
  const parsed = ipaddr.process(address);
  if (parsed.kind() === "ipv4") return [parsed.toString()];
  const bytes = Buffer.from(parsed.toByteArray());
  const blockOf = (bits: number) => `${bytes.subarray(0, bits / 8).toString("hex")}/${bits}`;
  const [smallest, ...larger] = IPV6_PREFIXES;
  return [blockOf(smallest), ...larger.map(blockOf)];
}

/** What counts as one address: the smallest block of it. */
export function addressBlock(address: string): string {
  return addressBlocks(address)[0];
}

/** Whether an address is one of the public internet: neither of this machine nor of a private network. */
export function isPublicAddress(address: string): boolean {
  return ipaddr.isValid(address) && ipaddr.process(address).range() === "unicast";
}
