// A way to a database server that can be broken, one connection at a time.
import { once } from "node:events";
import { type AddressInfo, connect, createServer, type Socket } from "node:net";

interface Way {
  readonly client: Socket;
  /** What the server said while it is held back; null while it is not. */
  held: Buffer[] | null;
}

export interface FaultyProxy {
  /** The URL of the same database by this way. */
  readonly url: string;
  /** How many connections were ever opened. */
  readonly opened: () => number;
  /** Cuts the connection that has been open for longest; false where there is none. */
  readonly cut: () => boolean;
  /**
   * Holds back what the server says, on all connections that there are and will be or on some, until
   * the given function is called.
   */
  readonly hold: (most?: number) => () => void;
  stop(): Promise<void>;
}

/** Stands between a test and the server of that URL. */
export async function faultyProxy(to: string): Promise<FaultyProxy> {
  const target = new URL(to);
  const ways = new Set<Way>();
  let opened = 0;
  let areAllHeld = false;
  const proxy = createServer((client) => {
    opened += 1;
    const way: Way = { client, held: areAllHeld ? [] : null };
    ways.add(way);
    const server = connect(Number(target.port), target.hostname);
    client.pipe(server);
    server.on("data", (chunk) => (way.held ? way.held.push(chunk) : client.write(chunk)));
    for (const end of [client, server])
      end
        .on("error", () => undefined)
        .on("close", () => {
          ways.delete(way);
          client.destroy();
          server.destroy();
        });
  });
  proxy.listen(0, "127.0.0.1");
  await once(proxy, "listening");
  const url = new URL(to);
  url.host = `127.0.0.1:${(proxy.address() as AddressInfo).port}`; // It listens on a port.
  return {
    url: url.href,
    opened: () => opened,
    cut: () => {
      const [way] = ways;
      way?.client.destroy();
      return way !== undefined;
    },
    hold: (most) => {
      areAllHeld = most === undefined;
      for (const way of [...ways].slice(0, most)) way.held = [];
      return () => {
        areAllHeld = false;
        for (const way of ways) {
          for (const chunk of way.held ?? []) way.client.write(chunk);
          way.held = null;
        }
      };
    },
    stop: async () => {
      for (const { client } of ways) client.destroy();
      proxy.close();
      await once(proxy, "close");
    },
  };
}
