import "server-only";
import type { BoundedConnection } from "@/lib/db/bounded-connection";
import { boundedClient } from "@/lib/db/connection";

type Done<T> = (error: unknown, result?: T) => void;

/**
 * The database in the manner of mysql's first client, for packages that know no other: callbacks.
 * Bounded in time like every statement here.
 */
export const callbackPool = {
  getConnection(done: Done<CallbackConnection>): void {
    boundedClient()
      .getConnection()
      .then((connection) => done(null, new CallbackConnection(connection)), done);
  },
};

class CallbackConnection {
  constructor(private readonly connection: BoundedConnection) {}

  query(sql: string, ...rest: [values: unknown[], done: Done<unknown>] | [done: Done<unknown>]) {
    const [values, done] = rest.length === 1 ? [undefined, rest[0]] : rest;
    this.connection.query({ sql }, values).then(([result]) => done(null, result), done);
  }

  /** Without a callback, so that its failure may go unheard: the connection is thrown away then. */
  rollback(): void {
    this.connection.query({ sql: "ROLLBACK" }).catch(() => undefined);
  }

  release(): void {
    this.connection.release();
  }
}
