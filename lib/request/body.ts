import "server-only";
import type { z } from "zod";
import type { FieldErrors, Problem } from "@/lib/request/problem";

const LARGEST_BODY_BYTES = 64 * 1024;

/** A request that cannot be served as it is; the problem says what is wrong with it. */
export class BadRequest extends Error {
  override readonly name = "BadRequest";

  constructor(readonly problem: Problem) {
    super(problem.detail);
  }
}

/** The JSON body of a request, checked. Throws BadRequest: 415, 413, or 400 with `errors`. */
export async function jsonBody<T>(request: Request, schema: z.ZodType<T>): Promise<T> {
  const type = request.headers.get("content-type")?.split(";")[0]?.trim().toLowerCase();
  if (type !== "application/json")
    throw refusal(415, "Unsupported media type", "The body must be application/json.");
  const result = schema.safeParse(parsed(await limitedText(request)));
  if (result.success) return result.data;
  throw refusal(400, "Bad request", "The body is not as it must be.", fieldErrors(result.error));
}

/** The sentences of a failed check, by field; what concerns no field stands under "body". */
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
async function limitedText(request: Request): Promise<string> {
  const decoder = new TextDecoder();
  let text = "";
  let bytes = 0;
  for await (const piece of request.body ?? []) {
    bytes += piece.byteLength;
    if (bytes > LARGEST_BODY_BYTES)
      throw refusal(413, "Too large", `The body must be ${LARGEST_BODY_BYTES / 1024} KiB or less.`);
    text += decoder.decode(piece, { stream: true });
  }
  return text + decoder.decode();
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
