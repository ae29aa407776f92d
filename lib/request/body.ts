import "server-only";
import type { z } from "zod";
import type { FieldErrors, Problem } from "@/lib/request/problem";

const LARGEST_BODY_BYTES = 64 * 1024;
const LONGEST_BODY_MS = 30_000;

/** A request that cannot be served as it is; the problem says what is wrong with it. */
export class BadRequest extends Error {
  override readonly name = "BadRequest";

  constructor(readonly problem: Problem) {
    super(problem.detail);
  }
}

/**
 * Reads the JSON body of a request, and gives what tells it: that throws BadRequest where it is not
 * as the schema says (415, 413, or 400 with `errors`) or broke off (400). So a guard is asked once
 * all has come, for a body that is held back must not outlive the authority to send it; and yet it
 * answers first. What has not come whole within 30 seconds is BadRequest at once (408).
 */
export async function heldBody<T>(
  request: Request,
  schema: z.ZodType<T>,
  withinMs = LONGEST_BODY_MS,
): Promise<() => T> {
  const text = await heldText(request, withinMs);
  return () => asSchemaSays(text(), schema);
}

async function heldText(request: Request, withinMs: number): Promise<() => string> {
  try {
    const text = await jsonText(request, withinMs);
    return () => text;
  } catch (error) {
    if (!(error instanceof BadRequest) || error.problem.status === 408) throw error;
    return () => {
      throw error;
    };
  }
}

async function jsonText(request: Request, withinMs: number): Promise<string> {
  const type = request.headers.get("content-type")?.split(";")[0]?.trim().toLowerCase();
  if (type !== "application/json")
    throw refusal(415, "Unsupported media type", "The body must be application/json.");
  return limitedText(request, withinMs);
}

// Once it is told and not before: the code of a schema is not for strangers.
function asSchemaSays<T>(text: string, schema: z.ZodType<T>): T {
  const result = schema.safeParse(parsed(text));
  if (result.success) return result.data;
  throw refusal(400, "Bad request", "The body is not as it must be.", fieldErrors(result.error));
}

/** The sentences of a failed parse, by field; what concerns no field stands under "body". */
export function fieldErrors(error: z.ZodError): FieldErrors {
  // A map, since a client names the fields: a plain object has a `constructor` of its own.
  const errors = new Map<string, string[]>();
  for (const issue of error.issues) {
    const fields =
      issue.code === "unrecognized_keys" ? issue.keys : [String(issue.path[0] ?? "body")];
    for (const field of fields) errors.set(field, [...(errors.get(field) ?? []), issue.message]);
  }
  return Object.fromEntries(errors);
}

// Read piece by piece: what claims to be small may not be.
async function limitedText(request: Request, withinMs: number): Promise<string> {
  const decoder = new TextDecoder();
  let text = "";
  let bytes = 0;
  for await (const piece of piecesWithin(request, withinMs)) {
    bytes += piece.byteLength;
    if (bytes > LARGEST_BODY_BYTES)
      throw refusal(413, "Too large", `The body must be ${LARGEST_BODY_BYTES / 1024} KiB or less.`);
    text += decoder.decode(piece, { stream: true });
  }
  return text + decoder.decode();
}

// In all, not between two pieces: one byte now and then would keep a request open for ever.
async function* piecesWithin(request: Request, withinMs: number): AsyncGenerator<Uint8Array> {
  if (!request.body) return;
  const late = AbortSignal.timeout(withinMs);
  // What is cancelled at its source takes the connection along, and with it the response.
  const options = { signal: late, preventCancel: true };
  const pieces = request.body.pipeThrough(new TransformStream<Uint8Array, Uint8Array>(), options);
  try {
    yield* pieces;
  } catch {
    if (!late.aborted) throw refusal(400, "Bad request", "The body broke off.");
    throw refusal(408, "Too late", `The body must be here within ${withinMs / 1000} seconds.`);
  }
}

function parsed(text: string): unknown {
  try {
    return JSON.parse(text);
  } catch (error) {
    // Only the place: the words around it quote the body, which may hold a password.
    const place = /position \d+/.exec(String(error))?.[0] ?? "its start or end";
    throw refusal(400, "Bad request", "The body is not JSON.", { body: [`Look at ${place}.`] });
  }
}

function refusal(status: number, title: string, detail: string, errors?: FieldErrors): BadRequest {
  return new BadRequest({ status, title, detail, ...(errors ? { errors } : {}) });
}

/** The query of a request, as a schema has it: each name once, and none that is not known. Throws BadRequest: 400. */
export function parsedQuery<T>(request: Request, schema: z.ZodType<T>): T {
  const { searchParams } = new URL(request.url);
  const names = [...new Set(searchParams.keys())];
  const given = names.map((name) => {
    const values = searchParams.getAll(name);
    return [name, values.length === 1 ? values[0] : values];
  });
  const result = schema.safeParse(Object.fromEntries(given));
  if (result.success) return result.data;
  const errors = fieldErrors(result.error);
  const detail = "The query is not as it must be.";
  throw new BadRequest({ status: 400, title: "Bad request", detail, errors });
}

/** What Next hands the page or handler of an address with an id in it. */
export interface WithId {
  readonly params: Promise<{ readonly id: string }>;
}

/** The id in an address; null when that is none, and nothing can be there. */
export async function addressId<T>({ params }: WithId, schema: z.ZodType<T>): Promise<T | null> {
  const id = schema.safeParse((await params).id);
  return id.success ? id.data : null;
}
