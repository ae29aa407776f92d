interface Line {
  times: number[];
  failed: number;
}

/** How often each kind of work was done, how long it took, and how often it failed. */
export class Tally {
  readonly messages = new Set<string>();
  private readonly lines = new Map<string, Line>();
  private readonly notes = new Map<string, number>();

  get failures(): number {
    return [...this.lines.values()].reduce((sum, { failed }) => sum + failed, 0);
  }

  /** Does some work; undefined when it failed. */
  async count<T>(name: string, work: () => Promise<T>): Promise<T | undefined> {
    const line = this.lines.get(name) ?? { times: [], failed: 0 };
    this.lines.set(name, line);
    const begun = performance.now();
    try {
      return await work();
    } catch (error) {
      line.failed += 1;
      this.messages.add(`${name}: ${wordsOf(error)}`);
      return undefined;
    } finally {
      line.times.push(performance.now() - begun);
    }
  }

  /** Adds to a number that is no time. */
  note(name: string, more: number): void {
    this.notes.set(name, (this.notes.get(name) ?? 0) + more);
  }

  table() {
    const lines = [...this.lines].map(([work, { times, failed }]) => {
      const sorted = times.toSorted((a, b) => a - b);
      const at = (share: number) => Math.round(sorted[Math.floor(sorted.length * share)] ?? 0);
      return { work, done: times.length, failed, "median ms": at(0.5), "p99 ms": at(0.99) };
    });
    return [...lines, ...[...this.notes].map(([work, done]) => ({ work, done }))];
  }
}

// The innermost cause: drizzle's own message is the whole statement.
function wordsOf(error: unknown): string {
  if (!(error instanceof Error)) return String(error);
  return error.cause ? wordsOf(error.cause) : error.message;
}
