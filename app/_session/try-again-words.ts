/** What to tell somebody whose password is not looked at for now. Rounded up: never too early. */
export function tryAgainWords(retryAfterSeconds: number): string {
  const [count, unit] =
    retryAfterSeconds < 60
      ? [retryAfterSeconds, "second"]
      : retryAfterSeconds < 3600
        ? [Math.ceil(retryAfterSeconds / 60), "minute"]
        : [Math.ceil(retryAfterSeconds / 3600), "hour"];
  return `Too many tries. Try again in ${count} ${unit}${count === 1 ? "" : "s"}.`;
}
