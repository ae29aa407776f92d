// A real SMTP server of a test's own, which says what it was sent, and refuses as it is told.
import { once } from "node:events";
import type { AddressInfo } from "node:net";
import { SMTPServer } from "smtp-server";

/** A mail as it arrived. */
export interface Received {
  readonly to: string[];
  /** Header and body, as they came. */
  readonly raw: string;
}

export interface MailServer {
  readonly url: string;
  readonly received: Received[];
  /** The code that each address is answered with instead of being taken. */
  readonly refusing: Map<string, number>;
  /** From now on a mail is taken in whole and not answered, until what this gives is called. */
  hold(): () => void;
  stop(): Promise<void>;
}

/** What the header of a mail says under a name; undefined where it says nothing. */
export function headerOf(raw: string, name: string): string | undefined {
  const [head = ""] = raw.split("\r\n\r\n", 1);
  const unfolded = head.replace(/\r\n[ \t]+/g, " ");
  return new RegExp(`^${name}: (.*)$`, "im").exec(unfolded)?.[1]?.trim();
}

export async function startMailServer(): Promise<MailServer> {
  const received: Received[] = [];
  const refusing = new Map<string, number>();
  let released = Promise.resolve();
  const server = new SMTPServer({
    authOptional: true,
    logger: false,
    onRcptTo: ({ address }, _session, done) => {
      const responseCode = refusing.get(address);
      done(responseCode ? Object.assign(new Error("refused"), { responseCode }) : null);
    },
    onData: (stream, { envelope }, done) => {
      const chunks: Buffer[] = [];
      stream.on("data", (chunk: Buffer) => chunks.push(chunk));
      stream.on("end", () => {
        const to = envelope.rcptTo.map(({ address }) => address);
        received.push({ to, raw: Buffer.concat(chunks).toString("utf8") });
        void released.then(() => done());
      });
    },
  });
  const listening = server.listen(0, "127.0.0.1");
  await once(listening, "listening");
  const { port } = listening.address() as AddressInfo; // A TCP server has no other address.
  return {
    url: `smtp://127.0.0.1:${port}`,
    received,
    refusing,
    hold: () => {
      const { promise, resolve } = Promise.withResolvers<void>();
      released = promise;
      return resolve;
    },
    stop: () => new Promise((resolve) => server.close(() => resolve())),
  };
}
