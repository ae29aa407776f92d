// HTTP as it goes over the wire: fetch forbids some headers, tidies paths and adds its own.
import { type Agent, type ClientRequest, type IncomingHttpHeaders, request } from "node:http";
import { connect } from "node:net";

export interface Asking {
  readonly method?: string;
  readonly headers?: Record<string, string | string[]>;
  readonly body?: string | Buffer;
  /** Keeps connections for further requests; without one each request has its own. */
  readonly agent?: Agent;
}

export interface RawResponse {
  readonly status: number;
  readonly headers: IncomingHttpHeaders;
  /** Every `Set-Cookie`, as it came. */
  readonly setCookies: readonly string[];
  readonly text: string;
  /** A header's value; empty where it is not there. */
  header(name: string): string;
  json(): unknown;
}

/** Whoever can be asked. */
export interface Requesting {
  /** One request with exactly these headers; never follows a redirect. */
  request(path: string, asking?: Asking): Promise<RawResponse>;
}

/** Asks the server on that port of this machine; the path goes out letter by letter. */
export function rawRequest(port: number, path: string, asking: Asking = {}): Promise<RawResponse> {
  const { method = "GET", headers = {}, body, agent = false } = asking;
  const length = body === undefined ? {} : { "Content-Length": String(Buffer.byteLength(body)) };
  const sent = { Host: `localhost:${port}`, ...length, ...headers };
  const outgoing = request({ host: "127.0.0.1", port, path, method, headers: sent, agent });
  const incoming = responseTo(outgoing);
  outgoing.end(body);
  return incoming;
}

function responseTo(outgoing: ClientRequest): Promise<RawResponse> {
  return new Promise((resolve, reject) => {
    outgoing.once("error", reject);
    outgoing.once("response", (incoming) => {
      const pieces: Buffer[] = [];
      incoming.on("data", (piece: Buffer) => pieces.push(piece));
      incoming.once("error", reject);
      incoming.once("end", () =>
        resolve(rawResponse(incoming.statusCode ?? 0, incoming.headers, Buffer.concat(pieces))),
      );
    });
  });
}

export interface HeldRequest {
  /** Sends what was held back; gives the answer. */
  finish(): Promise<RawResponse>;
  /** The answer that comes although nothing more was sent. */
  readonly unfinished: Promise<RawResponse>;
}

/**
 * Sends the headers of a request and the first byte of its body, and holds the rest back. Returns
 * once the server has taken the headers.
 */
export async function holdRequest(
  port: number,
  path: string,
  { method = "POST", headers = {}, body }: Asking & { body: string },
): Promise<HeldRequest> {
  const sent = {
    Host: `localhost:${port}`,
    "Content-Length": String(Buffer.byteLength(body)),
    ...headers,
    Expect: "100-continue",
  };
  const outgoing = request({ host: "127.0.0.1", port, path, method, headers: sent, agent: false });
  const unfinished = responseTo(outgoing);
  // Whoever finishes it does not wait for this one; what fails then fails there, too.
  unfinished.catch(() => {});
  const taken = new Promise((resolve) => outgoing.once("continue", resolve));
  outgoing.flushHeaders();
  await Promise.race([taken, unfinished]);
  outgoing.write(body.slice(0, 1));
  return {
    unfinished,
    finish: () => {
      outgoing.end(body.slice(1));
      return unfinished;
    },
  };
}

/**
 * Sends these bytes as they are, such as no HTTP client would; gives the whole of what comes back.
 * With `thenEnds` the server is told that nothing more will come, whatever it still waits for.
 */
export function rawBytes(port: number, bytes: string, thenEnds = false): Promise<string> {
  return new Promise((resolve, reject) => {
    let received = "";
    const socket = connect(port, "127.0.0.1", () => {
      socket.write(bytes, "latin1");
      if (thenEnds) socket.end();
    });
    socket.setEncoding("latin1").on("data", (text: string) => {
      received += text;
    });
    socket.once("error", reject);
    socket.once("close", () => resolve(received));
  });
}

function rawResponse(status: number, headers: IncomingHttpHeaders, body: Buffer): RawResponse {
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
