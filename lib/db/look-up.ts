import "server-only";
import { Column, is } from "drizzle-orm";
import type { SelectResultFields } from "drizzle-orm/query-builders/select.types";
import type { PoolConnection, RowDataPacket } from "mysql2";
import type { Source } from "@/lib/db/bounded-client";
import {
  DatabaseUnavailable,
  databaseErrorNumber,
  isConnectionLost,
  isOutage,
} from "@/lib/db/errors";

/** The values of a row, in the order of the statement's columns. */
export type Row = readonly unknown[];

/** By how many ids a statement may ask. Few sizes: a connection keeps each that it has prepared. */
export const SIZES = [1, 2, 4, 8, 16, 32] as const;
const MOST_IDS = 32;

// In digits: bytes would stand in MySQL's list of processes, and make the question for that fail.
/** What is looked up: a statement for each of `SIZES`, of ids in hexadecimal. The first column is the id. */
export type Question = readonly string[];

/** What one caller waits for. */
interface LookUp {
  readonly question: Question;
  readonly id: string;
  /** When its time is up. */
  readonly until: number;
  readonly resolve: (row: Row | null) => void;
  readonly reject: (error: Error) => void;
  /** The server would not run a statement that asked for it. */
  wasRefused: boolean;
}

/** What runs on a connection, until it is answered or given up. */
interface Statement {
  readonly connection: PoolConnection;
  /** Those that wait for its answer, by the id that they asked for. */
  readonly asked: Map<string, LookUp[]>;
  readonly until: number;
}

const SWEEP_MS = 125;
const MOST_WAITING = 2000;

/**
 * Reads single rows by their ids, at the least cost that mysql2 allows: prepared
 * statements, rows as arrays, no promise but the caller's, and one timer for all.
 *
 * Look-ups of one turn of the event loop become one statement. Each is sent after it was asked for,
 * and never joins one that is on its way: so it sees whatever was committed before. Where a statement
 * hangs or its connection breaks, that is thrown away, and its look-ups are asked again on another
 * one, within their own time. What the server refuses to run is asked once more, alone and without
 * preparing: so none suffers from another's row, or from a server that prepares no more statements.
 */
export class LookUps {
  /** What happened so far. Asking again hides faults; this tells of them. */
  readonly counts = { answered: 0, statements: 0, askedAgain: 0, connectionsLost: 0 };

  private waiting: LookUp[] = [];
  private readonly running = new Set<Statement>();
  private connectionsOpening = 0;
  private isFlushDue = false;
  private sweep: NodeJS.Timeout | undefined;
  private sweptAt = 0;

  constructor(
    private readonly source: Source,
    /** In how many milliseconds a look-up is answered or has failed. */
    private readonly deadlineMs: number,
    /** On how many connections statements run at once. */
    private readonly mostConnections: number,
  ) {}

  /** Statements that run now, and look-ups that wait for a connection. */
  get load(): { readonly inUse: number; readonly waiting: number } {
    return { inUse: this.running.size, waiting: this.waiting.length };
  }

  /** The row of an id of 32 lower-case digits; null when there is none. Throws DatabaseUnavailable. */
  find(question: Question, id: string): Promise<Row | null> {
    return new Promise((resolve, reject) => {
      if (this.waiting.length >= MOST_WAITING) return reject(away("too many look-ups wait"));
      const until = performance.now() + this.deadlineMs;
      this.waiting.push({ question, id, until, resolve, reject, wasRefused: false });
      this.flushSoon();
      this.sweep ??= setInterval(() => this.giveUpWhatIsLate(), SWEEP_MS).unref();
    });
  }

  // Once the callbacks of this turn have run: what they ask for goes together.
  private flushSoon(): void {
    if (this.isFlushDue) return;
    this.isFlushDue = true;
    setImmediate(() => {
      this.isFlushDue = false;
      this.flush();
    });
  }

  // Even while others are being opened: those may hang, and the pool has a free one again.
  private flush(): void {
    const inUse = this.running.size + this.connectionsOpening;
    if (this.waiting.length === 0 || inUse >= this.mostConnections) return;
    this.connectionsOpening += 1;
    this.source.getConnection((error, connection) => {
      this.connectionsOpening -= 1;
      if (error) this.notOpened(error);
      else this.ask(connection);
    });
  }

  // While a statement runs, or a connection opens, that serves whoever waits.
  private notOpened(error: Error): void {
    if (this.running.size + this.connectionsOpening > 0) return;
    for (const { reject } of this.waiting.splice(0)) reject(new DatabaseUnavailable(error));
  }

  private ask(connection: PoolConnection): void {
    const asked = this.take();
    const [first] = asked.values().next().value ?? [];
    if (!first) {
      connection.release();
      return;
    }
    const statement = { connection, asked, until: performance.now() + this.deadlineMs / 2 };
    this.running.add(statement);
    this.counts.statements += 1;
    const ids = [...asked.keys()];
    const size = SIZES.find((each) => each >= ids.length) ?? MOST_IDS;
    const values = Array.from({ length: size }, (_, n) => ids[n] ?? first.id);
    const sql = first.question[Math.log2(size)] ?? "";
    const how = first.wasRefused ? "query" : "execute";
    connection[how]<RowDataPacket[][]>({ sql, values, rowsAsArray: true }, (error, rows) => {
      // Neither what comes late nor the second word on what broke.
      if (!this.running.delete(statement)) return;
      if (error) this.failed(statement, error, isConnectionLost(error));
      else this.answered(statement, rows);
      this.flush();
    });
    this.flush(); // More may wait than one statement takes.
  }

  /** As many of those that wait as one statement takes, by their ids. */
  private take(): Map<string, LookUp[]> {
    const asked = new Map<string, LookUp[]>();
    const [first] = this.waiting;
    let taken = 0;
    for (const each of this.waiting) {
      if (first && each !== first && !mayGoTogether(first, each)) break;
      const same = asked.get(each.id);
      if (!same && asked.size === MOST_IDS) break;
      if (same) same.push(each);
      else asked.set(each.id, [each]);
      taken += 1;
    }
    this.waiting.splice(0, taken);
    return asked;
  }

  private answered(statement: Statement, rows: readonly Row[]): void {
    const found = new Map(rows.map((row) => [digitsOf(row[0]), row]));
    if (found.keys().some((id) => !statement.asked.has(id))) {
      this.failed(statement, away("rows that nobody asked for came"), true);
      return;
    }
    statement.connection.release();
    for (const [id, lookUps] of statement.asked) {
      this.counts.answered += lookUps.length;
      for (const { resolve } of lookUps) resolve(found.get(id) ?? null);
    }
  }

  private failed({ connection, asked }: Statement, error: Error, isLost: boolean): void {
    // What mysql2 could not read has left the rest of the answer on its connection.
    if (isLost || databaseErrorNumber(error) === null) {
      connection.destroy();
      this.counts.connectionsLost += 1;
    } else connection.release();
    for (const lookUp of [...asked.values()].flat().reverse()) {
      const mayAskAgain = isLost ? performance.now() < lookUp.until : !lookUp.wasRefused;
      lookUp.wasRefused ||= !isLost;
      this.counts.askedAgain += mayAskAgain ? 1 : 0;
      if (mayAskAgain) this.waiting.unshift(lookUp);
      else lookUp.reject(isOutage(error) ? new DatabaseUnavailable(error) : error);
    }
  }

  // What was late at the sweep before: after a standstill, answers may lie there that were not read yet.
  private giveUpWhatIsLate(): void {
    const now = this.sweptAt;
    this.sweptAt = performance.now();
    const isInTime = (lookUp: LookUp) => now < lookUp.until;
    const late = this.waiting.filter((each) => !isInTime(each));
    this.waiting = this.waiting.filter(isInTime);
    for (const statement of this.running) {
      if (now >= statement.until) {
        this.running.delete(statement);
        this.failed(statement, away("a statement got no answer"), true);
      } else late.push(...[...statement.asked.values()].flat().filter((each) => !isInTime(each)));
    }
    for (const { reject } of late) reject(away("no answer in time"));
    this.flush();
    if (this.running.size + this.waiting.length > 0) return;
    clearInterval(this.sweep);
    this.sweep = undefined;
  }
}

function away(reason: string): DatabaseUnavailable {
  return new DatabaseUnavailable(new Error(reason));
}

function digitsOf(id: unknown): string {
  return Buffer.isBuffer(id) ? id.toString("hex") : "";
}

function mayGoTogether(one: LookUp, other: LookUp): boolean {
  return !one.wasRefused && !other.wasRefused && one.question[0] === other.question[0];
}

/** What a select names: columns, or groups of them. */
interface Fields {
  readonly [name: string]: Column | Fields;
}

/** Reads rows of a statement that drizzle has written for these fields, as its own select would. */
export function rowReader<F extends Fields>(fields: F): (row: Row) => SelectResultFields<F> {
  let columns = 0;
  const readerOf = (group: Fields): ((row: Row) => object) => {
    const parts = Object.entries(group).map(([name, field]) => {
      if (!is(field, Column)) return { name, read: readerOf(field) };
      const index = columns++;
      return { name, read: (row: Row) => decoded(field, row[index]) };
    });
    return (row) => {
      const values: Record<string, unknown> = {};
      for (const { name, read } of parts) values[name] = read(row);
      return values;
    };
  };
  // Field by field it has just that shape.
  return readerOf(fields) as (row: Row) => SelectResultFields<F>;
}

// mysql2 makes dates of its own; drizzle's columns take texts.
function decoded(column: Column, value: unknown): unknown {
  return value === null || value instanceof Date ? value : column.mapFromDriverValue(value);
}
