/** One of Django's session tests: its name, what it comes to here, and the proof. */
export type Row = readonly [name: string, behaviour: string, proof: () => Promise<void>];
