import { createServer } from "node:net";

/** Whether `port` can be listened on at `host` now. */
export function isPortFree(port: number, host: string): Promise<boolean> {
  return new Promise((resolve, reject) => {
    const server = createServer();
    server.once("error", (error: NodeJS.ErrnoException) => {
      if (error.code === "EADDRINUSE") resolve(false);
      else reject(error);
    });
    server.listen(port, host, () => server.close(() => resolve(true)));
  });
}

/** A loopback port that nobody listens on: `wanted` if it is free, else any. */
export async function freePort(wanted?: number): Promise<number> {
  if (wanted && (await isPortFree(wanted, "127.0.0.1"))) return wanted;
  return new Promise((resolve, reject) => {
    const server = createServer().once("error", reject);
    server.listen(0, "127.0.0.1", () => {
      const address = server.address();
      const port = typeof address === "object" ? address?.port : undefined;
      server.close(() => (port ? resolve(port) : reject(new Error("no free port"))));
    });
  });
}
