import "server-only";
import { z } from "zod";
import { FACTOR_OPERATIONS } from "@/lib/api/factor-operations";
import { ProblemJson, SessionId } from "@/lib/api/fields";
import {
  ADMIN_OPERATIONS,
  type Operation,
  OWN_OPERATIONS,
  PROCESS_OPERATIONS,
} from "@/lib/api/operations";
import { BRAND } from "@/lib/brand";
import { sessionCookieName } from "@/lib/session/cookie";
import { UserId } from "@/lib/users/user";

/** Every method of every address. */
export const OPERATIONS = [
  ...OWN_OPERATIONS,
  ...FACTOR_OPERATIONS,
  ...ADMIN_OPERATIONS,
  ...PROCESS_OPERATIONS,
];

const FAULTS: Record<number, string> = {
  400: "Something of the request is not as it must be; `errors` says what, by field",
  401: "No live session, those of several users at once (`urn:gatehouse:several-users`), or a password or token that does not fit",
  403: "Not from this site, not of that role, a fresh proof of the password is needed (`urn:gatehouse:reauthentication-required`), or a password of one's own in place of a temporary one (`urn:gatehouse:password-change-required`)",
  404: "There is nothing, or nothing for you",
  408: "The body has not come whole within 30 seconds",
  409: "The session got a new secret while this was on its way: nothing was changed, ask again",
  413: "The body is larger than 64 KiB",
  415: "The body is not application/json",
  429: "Too many wrong passwords; Retry-After says when to come back",
  503: "The database cannot be reached, or too many passwords wait; Retry-After says when to come back",
};

/** The description of the whole API (OpenAPI 3.1), made of the schemas that it is parsed by. */
export function openApiDocument(origin: string) {
  const paths: Record<string, Record<string, object>> = {};
  for (const operation of OPERATIONS)
    paths[operation.path] = { ...paths[operation.path], [operation.method]: described(operation) };
  return {
    openapi: "3.1.0",
    info: {
      title: BRAND.name,
      version: "1",
      description:
        "Sign-in and sessions. What changes something passes only from the site itself: with Sec-Fetch-Site: same-origin, with an Origin equal to the server's, or with both; one that does not fit is refused whatever the other says. Programs send Origin.",
    },
    servers: [{ url: origin }],
    paths,
    components: {
      securitySchemes: {
        session: { type: "apiKey", in: "cookie", name: sessionCookieName() },
        token: { type: "http", scheme: "bearer" },
      },
      schemas: { Problem: schemaOf(ProblemJson, "output") },
    },
  };
}

function described(operation: Operation) {
  const { method, path, summary, guard, body } = operation;
  return {
    operationId: `${method} ${path}`.replace(/[^a-z]+(\w?)/gi, (_, next) => next.toUpperCase()),
    summary,
    security: guard === "anyone" ? [] : [{ [guard === "token" ? "token" : "session"]: [] }],
    parameters: [...pathParameters(operation), ...queryParameters(operation)],
    ...(body ? { requestBody: { required: true, content: json(schemaOf(body, "input")) } } : {}),
    responses: { [operation.response.status]: responseOf(operation), ...faultsOf(operation) },
  };
}

function pathParameters({ path }: Operation) {
  if (!path.includes("{id}")) return [];
  const schema = schemaOf(path.includes("/users/") ? UserId : SessionId, "input");
  return [{ name: "id", in: "path", required: true, schema }];
}

function queryParameters({ query }: Operation) {
  return Object.entries(query?.shape ?? {}).map(([name, field]) => ({
    name,
    in: "query",
    required: false,
    schema: schemaOf(field, "input"),
  }));
}

function responseOf({ response, summary }: Operation) {
  const { schema, type } = response;
  const content = schema ? json(schemaOf(schema, "output")) : type ? { [type]: {} } : undefined;
  return { description: summary, ...(content ? { content } : {}) };
}

/** The errors that follow from what an operation takes and who may call it. */
export function faultStatuses({
  method,
  path,
  guard,
  query,
  body,
  password,
  proof,
}: Operation): number[] {
  const isChange = method !== "get";
  const isPrivate = guard !== "anyone" && guard !== "token";
  return [
    ...(query || body ? [400] : []),
    ...(guard !== "anyone" || password || proof ? [401] : []),
    ...(isChange || isPrivate ? [403] : []),
    ...(/\{id\}/.test(path) || !["anyone", "session"].includes(guard) ? [404] : []),
    ...(body ? [408] : []),
    ...(isChange && isPrivate ? [409] : []),
    ...(body ? [413, 415] : []),
    ...(password ? [429] : []),
    ...(path === "/api/health/live" || path === "/api/openapi.json" ? [] : [503]),
  ];
}

function faultsOf(operation: Operation) {
  const content = {
    "application/problem+json": { schema: { $ref: "#/components/schemas/Problem" } },
  };
  return Object.fromEntries(
    faultStatuses(operation).map((status) => [status, { description: FAULTS[status], content }]),
  );
}

function json(schema: object) {
  return { "application/json": { schema } };
}

// The field's own dialect stands once for the whole document.
function schemaOf(schema: z.ZodType, io: "input" | "output"): object {
  const { $schema: _, ...rest } = z.toJSONSchema(schema, { io, unrepresentable: "any" });
  return rest;
}
