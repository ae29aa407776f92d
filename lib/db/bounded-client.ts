import type { PoolConnection as CoreConnection } from "mysql2";
import type { PoolConnection, QueryOptions, QueryValues } from "mysql2/promise";
import { DatabaseUnavailable, isConnectionLost, isOutage } from "@/lib/db/errors";

/** Where all connections of this process come from, and go back to by `release` or `destroy`. */
export interface Source {
  getConnection(done: (error: Error | null, connection: CoreConnection) => void): void;
  end(): Promise<void>;
}

/** One pooled connection on which no statement waits for longer than `statementMs`. */
export class BoundedConnection {
  private lostBy: unknown;

  constructor(
    private readonly connection: PoolConnection,
    private readonly statementMs: number,
    private readonly load: { inUse: number },
  ) {
    load.inUse += 1;
  }

  async query(options: QueryOptions, values?: QueryValues, timeout = this.statementMs) {
    // A ROLLBACK on a connection that timed out would wait for a second time.
    if (this.lostBy) throw new DatabaseUnavailable(this.lostBy);
    try {
      return await this.connection.query({ ...options, timeout }, values);
    } catch (error) {
      if (isConnectionLost(error)) this.lostBy = error;
      throw isOutage(error) ? new DatabaseUnavailable(error) : error;
    }
  }

  /** Back to the pool; a lost one is thrown away, since mysql2 leaves its statement running. */
  release(): void {
    this.load.inUse -= 1;
    if (this.lostBy) this.connection.destroy();
    else this.connection.release();
  }
}

/**
 * What drizzle needs of a mysql2 pool, with the bounds that mysql2 lacks: the wait for a connection
 * and for the answer is `deadlineMs` in all, and a read whose connection had died is asked again.
 * Outages come out as DatabaseUnavailable.
 */
export class BoundedClient {
  /** Connections in use now, and callers that wait for one. */
  readonly load = { inUse: 0, waiting: 0 };

  constructor(
    private readonly source: Source,
    private readonly deadlineMs: number,
  ) {}

  async query(options: QueryOptions, values?: QueryValues) {
    const until = Date.now() + this.deadlineMs;
    for (;;) {
      const connection = await this.acquire(until);
      try {
        return await connection.query(options, values, timeLeft(until));
      } catch (error) {
        // Only a read is asked again: a write may have happened before the connection broke.
        if (!isRead(options.sql) || !isCutWithTimeLeft(error, until)) throw error;
      } finally {
        connection.release();
      }
    }
  }

  /** For a transaction: asked first, so that an idle connection that died costs no write. */
  async getConnection(): Promise<BoundedConnection> {
    const until = Date.now() + this.deadlineMs;
    for (;;) {
      const connection = await this.acquire(until);
      try {
        await connection.query({ sql: "SELECT 1" }, undefined, timeLeft(until));
        return connection;
      } catch (error) {
        connection.release();
        if (!isCutWithTimeLeft(error, until)) throw error;
      }
    }
  }

  end(): Promise<void> {
    return this.source.end();
  }

  private async acquire(until: number): Promise<BoundedConnection> {
    const pending = connectionOf(this.source);
    this.load.waiting += 1;
    let timer: NodeJS.Timeout | undefined;
    const tooLate = new Promise<never>((_, reject) => {
      const wait = timeLeft(until);
      timer = setTimeout(() => reject(new Error(`no free connection in ${wait} ms`)), wait);
    });
    try {
      const connection = await Promise.race([pending, tooLate]);
      return new BoundedConnection(connection, this.deadlineMs, this.load);
    } catch (error) {
      // One that comes after all goes back to the pool; one that fails has been reported here.
      pending.then(
        (late) => late.release(),
        () => undefined,
      );
      throw new DatabaseUnavailable(error);
    } finally {
      clearTimeout(timer);
      this.load.waiting -= 1;
    }
  }
}

function connectionOf(source: Source): Promise<PoolConnection> {
  return new Promise((resolve, reject) => {
    source.getConnection((error, connection) =>
      error ? reject(error) : resolve(connection.promise()),
    );
  });
}

// Never 0, which mysql2 takes for "no limit".
function timeLeft(until: number): number {
  return Math.max(until - Date.now(), 1);
}

function isRead(sql: string): boolean {
  return /^\s*select\b(?!.*\bfor update\b)/is.test(sql);
}

function isCutWithTimeLeft(error: unknown, until: number): boolean {
  return (
    error instanceof DatabaseUnavailable && isConnectionLost(error.cause) && Date.now() < until
  );
}
