/** Shows how far long work is, over what was shown before; on a terminal alone. */
export function tellProgress(words: string): void {
  if (process.stderr.isTTY) process.stderr.write(`\r\u001b[K${words}`);
}
