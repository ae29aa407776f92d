/** From where: the address and what the browser says it is. Both are somebody's claim. */
export interface Device {
  readonly ipAddress: string;
  readonly userAgent: string;
}

const LONGEST_ADDRESS = 45;
const LONGEST_USER_AGENT = 512;

/** A device that fits its columns; control characters, which could forge log lines, are gone. */
export function deviceFrom(ipAddress: string, userAgent: string): Device {
  return {
    ipAddress: printable(ipAddress).slice(0, LONGEST_ADDRESS),
    userAgent: printable(userAgent).slice(0, LONGEST_USER_AGENT),
  };
}

function printable(text: string): string {
  return text.replace(/[\p{C}\p{Zl}\p{Zp}]/gu, " ");
}
