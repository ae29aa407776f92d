import type { PoolConnection, QueryOptions, QueryValues } from "mysql2/promise";
import { DatabaseUnavailable, isConnectionLost, isOutage } from "@/lib/db/unavailable";

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
