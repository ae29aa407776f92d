import { expect } from "vitest";
import { inTransaction } from "@/lib/db/transaction";
import { endSessionById } from "@/lib/session/end";
import { findSessionDetails } from "@/lib/session/history";
import { rotateSession, touchSession } from "@/lib/session/lifecycle";
import { resumeSession } from "@/lib/session/resume";
import { writeSessionData } from "@/lib/session/write";
import { statementsDuring } from "../../../support/asked-statements";
import { loggedDuring } from "../../../support/logged";
import { DEVICE, rowOf, type SignedIn, setColumn, signedIn } from "../../../support/signed-in";
import type { Row } from "./row";

/** `request.session` as the next request has it. */
async function dataOf({ token }: Pick<SignedIn, "token">) {
  const resumed = await resumeSession(token, new Date());
  if (resumed.state !== "live") throw new Error(`the session is ${resumed.state}`);
  return resumed.session.data;
}

async function signedInWith(data: Parameters<typeof writeSessionData>[1]) {
  const it = await signedIn();
  await writeSessionData(it.session.id, data);
  return it;
}

const rotated = (it: SignedIn) =>
  inTransaction((transaction) => rotateSession(transaction, it, new Date()));

/** `request.session` as a dictionary, and the key that it is found by. */
export const DATA_ROWS: readonly Row[] = [
  [
    "new_session",
    "holds nothing, and looking at it writes nothing",
    async () => {
      const it = await signedIn();
      const row = await rowOf(it.session.id);
      const asked = await statementsDuring(async () => expect(await dataOf(it)).toEqual({}));
      expect(asked.map((sql) => sql.trim().split(" ")[0])).toEqual(["select"]);
      expect(await rowOf(it.session.id)).toEqual(row);
    },
  ],
  [
    "get_empty",
    "a key that is not there is undefined",
    async () => expect((await dataOf(await signedIn())).cat).toBeUndefined(),
  ],
  [
    "store",
    "what is set is there at the next request",
    async () => expect(await dataOf(await signedInWith({ cat: "dog" }))).toEqual({ cat: "dog" }),
  ],
  [
    "pop",
    "a key that is removed is gone, and no other",
    async () => {
      const it = await signedInWith({ some: "value", other: 1 });
      expect((await dataOf(it)).some).toBe("value");
      await writeSessionData(it.session.id, { some: undefined });
      expect(await dataOf(it)).toEqual({ other: 1 });
    },
  ],
  [
    "pop_default",
    "removing what is not there is no fault and changes nothing",
    async () => {
      const it = await signedInWith({ other: 1 });
      const row = await rowOf(it.session.id);
      expect(await writeSessionData(it.session.id, { some: undefined })).toBe(true);
      expect(await rowOf(it.session.id)).toEqual(row);
    },
  ],
  [
    "update",
    "several keys are set at once, and others stay",
    async () => {
      const it = await signedInWith({ some: 1, kept: 2 });
      await writeSessionData(it.session.id, { some: "new", update: "key" });
      expect(await dataOf(it)).toEqual({ some: "new", update: "key", kept: 2 });
    },
  ],
  [
    "has_key",
    "tells what is there from what is not, null included",
    async () => {
      const data = await dataOf(await signedInWith({ some: null }));
      expect(["some" in data, "other" in data]).toEqual([true, false]);
    },
  ],
  [
    "values",
    "gives the values",
    async () => {
      expect(Object.values(await dataOf(await signedIn()))).toEqual([]);
      expect(Object.values(await dataOf(await signedInWith({ some: 1 })))).toEqual([1]);
    },
  ],
  [
    "keys",
    "gives the keys",
    async () => expect(Object.keys(await dataOf(await signedInWith({ x: 1 })))).toEqual(["x"]),
  ],
  [
    "items",
    "gives keys with their values",
    async () => {
      expect(Object.entries(await dataOf(await signedInWith({ x: 1 })))).toEqual([["x", 1]]);
    },
  ],
  [
    "clear",
    "every key goes, and the session stays",
    async () => {
      const it = await signedInWith({ x: 1, y: 2 });
      await writeSessionData(it.session.id, { x: undefined, y: undefined });
      expect(await dataOf(it)).toEqual({});
    },
  ],
  [
    "save_doesnt_clear_data",
    "recording use keeps the data",
    async () => {
      const it = await signedInWith({ a: "b" });
      const later = new Date(it.session.createdAt.getTime() + 3_600_000);
      expect(await touchSession(it.session, it.user, DEVICE, later)).toBe(true);
      expect(await dataOf(it)).toEqual({ a: "b" });
    },
  ],
  [
    "flush",
    "the key is good for nothing, and the next session of the browser holds no data of it",
    async () => {
      const it = await signedInWith({ foo: "bar" });
      const next = await signedIn({ user: it.user, replaced: [it.session.id] });
      expect(next.session.id).not.toBe(it.session.id);
      expect(await resumeSession(it.token, new Date())).not.toHaveProperty("session");
      expect(await dataOf(next)).toEqual({});
    },
  ],
  [
    "cycle",
    "a new secret, the same data; the old secret is refused after its grace",
    async () => {
      const it = await signedInWith({ a: "c", b: "d" });
      const token = await rotated(it);
      expect(token?.secret).not.toBe(it.token.secret);
      expect(await dataOf({ token: token ?? it.token })).toEqual({ a: "c", b: "d" });
      const later = new Date(Date.now() + 30_000);
      expect((await resumeSession(it.token, later)).state).toBe("rejected");
    },
  ],
  [
    "cycle_with_no_session_cache",
    "data that the one who rotates has not read stays, too",
    async () => {
      const it = await signedIn();
      await writeSessionData(it.session.id, { by: "another request" });
      const token = await rotated(it);
      expect(it.session.data).toEqual({});
      expect(await dataOf({ token: token ?? it.token })).toEqual({ by: "another request" });
    },
  ],
  [
    "decode",
    "what is stored comes back as it was, of every kind of JSON",
    async () => {
      const data = { text: "«é» 😀 \\ \" '", list: [1, null, false, { in: "side" }], none: "" };
      expect(await dataOf(await signedInWith(data))).toStrictEqual(data);
    },
  ],
  [
    "decode_failure_logged_to_security",
    "data that is no object reads as none, and is logged",
    () => reported("[1, 2]"),
  ],
  [
    "decode_serializer_exception",
    "data past the schema reads as none, and is logged",
    () => reported('{"no word": 1}'),
  ],
  [
    "session_get_decoded",
    "what reads sessions for an operator reads their data",
    async () => {
      const it = await signedInWith({ a: "test" });
      const whole = await findSessionDetails(it.session.id, new Date());
      expect(whole?.session.data).toEqual({ a: "test" });
    },
  ],
  [
    "session_save_does_not_resurrect_session_logged_out_in_other_context",
    "a late write is quietly refused, and the session stays over",
    async () => {
      const it = await signedInWith({ test: "value" });
      await endSessionById({ id: it.session.id, reason: "signed_out" }, new Date());
      const row = await rowOf(it.session.id);
      expect(await writeSessionData(it.session.id, { test: "late" })).toBe(false);
      expect(await rowOf(it.session.id)).toEqual(row);
      expect((await resumeSession(it.token, new Date())).state).toBe("over");
    },
  ],
];

async function reported(broken: string): Promise<void> {
  const it = await signedIn();
  await setColumn(it.session.id, "data", broken);
  const logged = await loggedDuring(async () => expect(await dataOf(it)).toEqual({}));
  expect(logged).toMatchObject([{ sessionId: it.session.id }]);
}
