import ipaddr from "ipaddr.js";

const BLOCK_BYTES = 8;

/**
 * What counts as one address: an IPv4 address, or the /64 of an IPv6 one, since a household has
 * 2^64 of those to try with (ASVS 6.3.1). What is no address counts as one together.
 */
export function addressBlock(address: string): string {
  if (!ipaddr.isValid(address)) return "none";
  const parsed = ipaddr.process(address);
  if (parsed.kind() === "ipv4") return parsed.toString();
  const block = parsed.toByteArray().slice(0, BLOCK_BYTES);
  return `${Buffer.from(block).toString("hex")}/64`;
}

/** Whether an address is one of the public internet: neither of this machine nor of a private network. */
export function isPublicAddress(address: string): boolean {
  return ipaddr.isValid(address) && ipaddr.process(address).range() === "unicast";
}
