import { Validator } from "@seriousme/openapi-schema-validator";
import Ajv2020 from "ajv/dist/2020";
import addFormats from "ajv-formats";
import { afterAll, beforeAll, describe, expect, test } from "vitest";
import { z } from "zod";
import { faultStatuses, OPERATIONS } from "@/lib/api/openapi";
import type { Operation } from "@/lib/api/operations";
import { projectEntries } from "@/scripts/guards/project";
import { newUser, PASSWORD, type TestUser } from "@/tests/helpers/people";
import { NEW_PASSWORD } from "@/tests/support/account-pages";
import { FROM_HERE, postJson, withCookie } from "@/tests/support/asking";
import { betweenFactors } from "@/tests/support/factors";
import { mailedTokenTo } from "@/tests/support/mailbox";
import { signIn } from "@/tests/support/people";
import type { Asking, RawResponse } from "@/tests/support/raw-request";
import { filled } from "@/tests/support/routes";
import { type SharedApp, sharedApp } from "@/tests/support/running-app";

const TOKEN = "a-token-of-the-tests-0123456789";
let app: SharedApp;
let admin: TestUser;
let document: z.infer<typeof Document>;
let asked = 0;

const Content = z.record(z.string(), z.object({ schema: z.unknown().optional() }));
const Document = z.looseObject({
  paths: z.record(
    z.string(),
    z.record(
      z.string(),
      z.looseObject({
        responses: z.record(z.string(), z.looseObject({ content: Content.optional() })),
      }),
    ),
  ),
});

const ajv = addFormats(new Ajv2020({ strict: false }));

beforeAll(async () => {
  app = await sharedApp({ METRICS_TOKEN: TOKEN });
  admin = await newUser({ role: "admin" });
  const raw = (await app.request("/api/openapi.json")).json();
  document = Document.parse(raw);
  ajv.addSchema({ $id: "document", ...document });
});

afterAll(async () => {
  console.log(`${asked} documented requests were checked.`);
});

/** Sends what an operation is meant for, from where it may be sent. */
async function send(operation: Operation, path: string, asking: Asking = {}): Promise<RawResponse> {
  asked += 1;
  const method = operation.method.toUpperCase();
  return app.request(path, { method, ...asking, headers: { ...FROM_HERE, ...asking.headers } });
}

/** Whether an answer is one that the document says of this operation. */
function expectDocumented({ method, path }: Operation, response: RawResponse): void {
  const described = document.paths[path]?.[method]?.responses[String(response.status)];
  expect(
    described,
    `${method} ${path} answered ${response.status}: ${response.text}`,
  ).toBeDefined();
  const [type = ""] = response.header("content-type").split(";");
  if (!described?.content) {
    expect(response.text).toBe("");
    return;
  }
  expect(Object.keys(described.content)).toEqual([type]);
  const pointer = ["paths", path, method, "responses", String(response.status), "content", type];
  if (!described.content[type]?.schema) return;
  const place = pointer.map((part) => encodeURIComponent(part.replaceAll("/", "~1"))).join("/");
  const validate = ajv.getSchema(`document#/${place}/schema`);
  expect(validate?.(response.json()), JSON.stringify(validate?.errors)).toBe(true);
}

/** Bodies that are taken; each call gives another. */
const BODIES: Record<string, () => object | Promise<object>> = {
  "post /api/session": () => ({ identifier: admin.username, password: PASSWORD }),
  "post /api/session/reauthentication": () => ({ password: PASSWORD }),
  "post /api/admin/users": () => {
    const username = `made${crypto.randomUUID().slice(0, 8)}`;
    return { username, email: `${username}@example.com`, name: "Made", role: "member" };
  },
  "patch /api/admin/users/{id}": () => ({ name: "Changed", role: "staff" }),
  "patch /api/account": () => ({ name: "Changed" }),
  "post /api/session/passkey": () => ({}),
  "post /api/password-resets": () => ({ identifier: admin.username }),
  "post /api/password-resets/{token}": () => ({ newPassword: NEW_PASSWORD }),
};
const SECOND_FACTOR = "/api/session/second-factor";
const nameOf = ({ method, path }: Operation) => `${method} ${path}`;

/** The address with an id of what is there. */
async function realPath({ path }: Operation, cookie: string): Promise<string> {
  if (path === "/api/sessions/{id}") {
    const { sessions } = z
      .object({ sessions: z.array(z.object({ id: z.string(), current: z.boolean() })) })
      .parse((await app.request("/api/sessions", withCookie(cookie))).json());
    return path.replace("{id}", sessions.find(({ current }) => current)?.id ?? "none");
  }
  const user = await newUser();
  if (path.includes("{token}")) {
    await app.request("/api/password-resets", postJson({ identifier: user.username }, FROM_HERE));
    return path.replace("{token}", await mailedTokenTo(user.email, "password_reset"));
  }
  if (path.includes("/users/")) return path.replace("{id}", String(user.id));
  const other = await signIn(app, user);
  const { session } = z
    .object({ session: z.object({ id: z.string() }) })
    .parse((await app.request("/api/session", withCookie(other))).json());
  return path.replace("{id}", session.id);
}

async function goodRequest(operation: Operation): Promise<[path: string, asking: Asking]> {
  if (operation.path === SECOND_FACTOR) {
    const { cookie: Cookie, code } = await betweenFactors(app);
    return [SECOND_FACTOR, postJson({ code: code() }, { ...FROM_HERE, Cookie })];
  }
  const cookie = await signIn(app, admin);
  const body = await BODIES[nameOf(operation)]?.();
  const json = body ? postJson(body) : {};
  const headers = {
    ...json.headers,
    ...(operation.guard === "token" ? { Authorization: `Bearer ${TOKEN}` } : { Cookie: cookie }),
  };
  const asking = { ...json, method: operation.method.toUpperCase(), headers };
  return [await realPath(operation, cookie), asking];
}

const NAMED = OPERATIONS.map((operation) => [nameOf(operation), operation] as const);

test("the document is OpenAPI 3.1", async () => {
  const { valid, errors } = await new Validator().validate(structuredClone(document));
  expect(errors ?? []).toEqual([]);
  expect([valid, document.openapi]).toEqual([true, "3.1.0"]);
});

test("AZ-6: it tells of the API and of nobody", async () => {
  const { status, text } = await app.request("/api/openapi.json");
  expect(status).toBe(200);
  expect(text).not.toMatch(/hash|node_modules|mysql/i);
});

test("every method of every address under /api is in it, and what is not answers 405", async () => {
  const handlers = projectEntries().filter(
    ({ kind, address }) => kind === "handler" && /^\/api\/(?!\[)/.test(address),
  );
  expect(handlers.length).toBeGreaterThan(60);
  for (const { address, method } of handlers) {
    const path = address.replace(/\[(\w+)\]/, "{$1}");
    const isIn = OPERATIONS.some(
      (each) => each.path === path && each.method === method.toLowerCase(),
    );
    const { status } = await app.request(
      filled(address, () => "1"),
      {
        method,
        headers: { ...FROM_HERE, Authorization: `Bearer ${TOKEN}` },
      },
    );
    if (method === "OPTIONS") expect([address, status]).toEqual([address, 204]);
    else expect([address, method, status === 405]).toEqual([address, method, !isIn]);
  }
});

describe.each(NAMED)("%s", (_, operation) => {
  const statuses = faultStatuses(operation);

  test("answers as the document says", async () => {
    const [path, asking] = await goodRequest(operation);
    const response = await send(operation, path, asking);
    expect(response.status, response.text).toBe(operation.response.status);
    expectDocumented(operation, response);
  });

  if (operation.guard !== "anyone")
    test("401 without a session or a token", async () => {
      const [path, asking] = await goodRequest(operation);
      const { Cookie: _cookie, Authorization: _token, ...headers } = asking.headers ?? {};
      const response = await send(operation, path, { ...asking, headers });
      expect(response.status).toBe(401);
      expectDocumented(operation, response);
    });

  if (operation.method !== "get")
    test("CS-5: 403 from elsewhere", async () => {
      const [path, asking] = await goodRequest(operation);
      const headers = { ...asking.headers, "Sec-Fetch-Site": "cross-site" };
      const response = await send(operation, path, { ...asking, headers });
      expect(response.status).toBe(403);
      expectDocumented(operation, response);
    });

  if (operation.guard === "staff" || operation.guard === "admin")
    test("404 for members", async () => {
      const [path, asking] = await goodRequest(operation);
      const Cookie = await signIn(app, await newUser());
      const response = await send(operation, path, {
        ...asking,
        headers: { ...asking.headers, Cookie },
      });
      expect(response.status).toBe(404);
      expectDocumented(operation, response);
    });

  if (operation.path.includes("{id}"))
    test.each(["0", "none", "00000000-0000-7000-8000-000000000000"])("404 for %s", async (id) => {
      const [, asking] = await goodRequest(operation);
      const response = await send(operation, operation.path.replace("{id}", id), asking);
      expect(response.status).toBe(404);
      expectDocumented(operation, response);
    });

  if (operation.query)
    test.each(["limit=0", "limit=201", "limit=x", "cursor=!", "cursor=AAAA", "unknown=1"])(
      "400 with the field's name for ?%s",
      async (query) => {
        const [path, asking] = await goodRequest(operation);
        const response = await send(operation, `${path}?${query}`, asking);
        expect(response.status).toBe(400);
        const [field = ""] = query.split("=");
        expect(response.json()).toMatchObject({ errors: { [field]: [expect.any(String)] } });
        expectDocumented(operation, response);
      },
    );

  if (operation.body) {
    const BAD: [string, number, Asking][] = [
      ["another type", 415, { headers: { "Content-Type": "text/plain" } }],
      ["a form", 415, { headers: { "Content-Type": "application/x-www-form-urlencoded" } }],
      ["half a document", 400, { body: '{"a":' }],
      ["no object", 400, { body: '"text"' }],
      ["another field", 400, { body: '{"isAdmin":true}' }],
      ["an object where text is meant", 400, { body: '{"identifier":{},"password":{},"name":{}}' }],
      ["65 KiB", 413, { body: JSON.stringify({ name: "x".repeat(65 * 1024) }) }],
    ];
    test.each(BAD)("CS-4: %s is %d", async (_name, status, bad) => {
      const [path, asking] = await goodRequest(operation);
      const headers = { ...asking.headers, ...bad.headers };
      const response = await send(operation, path, { ...asking, ...bad, headers });
      expect(response.status).toBe(status);
      expectDocumented(operation, response);
    });
  }

  if (statuses.includes(429))
    test("429 after too many wrong passwords or codes", async () => {
      const isByCode = operation.path === SECOND_FACTOR;
      const user = await newUser();
      const Cookie = isByCode ? (await betweenFactors(app)).cookie : await signIn(app, user);
      const body = operation.path.endsWith("session")
        ? { identifier: user.username, password: "wrong" }
        : isByCode
          ? { code: "wrong" }
          : { password: "wrong" };
      const headers = { ...FROM_HERE, Cookie };
      let response = await send(operation, operation.path, postJson(body, headers));
      for (let n = 0; n < 10; n += 1) {
        expectDocumented(operation, response);
        response = await send(operation, operation.path, postJson(body, headers));
      }
      expect(response.status).toBe(429);
      expectDocumented(operation, response);
    });
});
