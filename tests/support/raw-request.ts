// HTTP as it goes over the wire: fetch forbids some headers, tidies paths and adds its own.
import { type Agent, type IncomingHttpHeaders, request } from "node:http";
import { connect } from "node:net";

export interface Asking {
  readonly method?: string;
  readonly headers?: Record<string, string | string[]>;
  readonly body?: string | Buffer;
  /** Keeps connections for further requests; without one each request has its own. */
  readonly agent?: Agent;
}

export interface Answer {
  readonly status: number;
  readonly headers: IncomingHttpHeaders;
  /** Every `Set-Cookie`, as it came. */
  readonly setCookies: readonly string[];
  readonly text: string;
  /** A header's value; empty where it is not there. */
  header(name: string): string;
  json(): unknown;
}

/** Asks the server on that port of this machine; the path goes out letter by letter. */
export function rawRequest(port: number, path: string, asking: Asking = {}): Promise<Answer> {
  const { method = "GET", headers = {}, body, agent = false } = asking;
  const length = body === undefined ? {} : { "Content-Length": String(Buffer.byteLength(body)) };
  const sent = { Host: `localhost:${port}`, ...length, ...headers };
  return new Promise((resolve, reject) => {
    const outgoing = request(
      { host: "127.0.0.1", port, path, method, headers: sent, agent },
      (incoming) => {
        const pieces: Buffer[] = [];
        incoming.on("data", (piece: Buffer) => pieces.push(piece));
        incoming.once("error", reject);
        incoming.once("end", () =>
          resolve(answer(incoming.statusCode ?? 0, incoming.headers, Buffer.concat(pieces))),
        );
      },
    );
    outgoing.once("error", reject);
    outgoing.end(body);
  });
}

/** Sends these bytes as they are, such as no HTTP client would; gives the whole of what comes back. */
export function rawBytes(port: number, bytes: string): Promise<string> {
  return new Promise((resolve, reject) => {
    let received = "";
    const socket = connect(port, "127.0.0.1", () => socket.write(bytes, "latin1"));
    socket.setEncoding("latin1").on("data", (text: string) => {
      received += text;
    });
    socket.once("error", reject);
    socket.once("close", () => resolve(received));
  });
}

function answer(status: number, headers: IncomingHttpHeaders, body: Buffer): Answer {
  const text = body.toString("utf8");
  return {
    status,
    headers,
    setCookies: headers["set-cookie"] ?? [],
    text,
    header: (name) => String(headers[name.toLowerCase()] ?? ""),
    json: () => JSON.parse(text),
  };
}
