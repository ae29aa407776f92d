/** Whether a host name means this machine alone (RFC 6761 counts every name under localhost). */
export function isLoopback(hostname: string): boolean {
  return /^127\.\d+\.\d+\.\d+$/.test(hostname) || /^(.+\.)?localhost$|^\[::1\]$/.test(hostname);
}

/** One URL per node of the cluster; an empty list when the text is no MySQL URL. */
export function parseDatabaseUrl(text: string): string[] {
  const parts = /^(?<start>mysql:\/\/(?:[^@/]*@)?)(?<hosts>[^@/]+)(?<end>\/[^/?]+(?:\?.*)?)$/.exec(
    text,
  );
  if (!parts?.groups) return [];
  const { start, hosts = "", end } = parts.groups;
  const nodes = hosts.split(",").map((host) => `${start}${host}${end}`);
  return nodes.every((node) => URL.canParse(node)) ? nodes : [];
}

/** Why a secret must not be used, or null. Catches what people paste from examples (ASVS 13.3.1). */
export function weaknessOfSecret(secret: string): string | null {
  if (new Set(secret).size < 10) return "made of too few different characters";
  if (/change.?me|example|your.?secret|password|replace|placeholder/i.test(secret))
    return "an example value";
  return null;
}
