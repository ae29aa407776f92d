import { readdirSync, readFileSync } from "node:fs";
import { afterAll, afterEach, beforeAll, describe, expect, it } from "vitest";
import { closeDatabase } from "@/lib/db/connection";
import { isDatabaseUnavailable } from "@/lib/db/errors";
import { resumeSession } from "@/lib/session/resume";
import { until } from "../../support/npm";
import { type OwnServer, ownServer } from "../../support/own-server";
import { type SignedIn, signedIn } from "../../support/signed-in";

const PROMISED_MS = 3000;
let server: OwnServer;
let person: SignedIn;

beforeAll(async () => {
  server = await ownServer();
  process.env.DATABASE_URL = server.url;
  person = await signedIn();
});
afterEach(() => process.kill(server.pid, "SIGCONT"));
afterAll(async () => {
  await closeDatabase();
  await server.stop();
});

const resume = () => resumeSession(person.token, new Date());

/** How long it took to hear that the database is away. */
async function heardAfter(question: () => Promise<unknown>): Promise<number> {
  const begun = performance.now();
  const error = await question().then(
    () => null,
    (fault: unknown) => fault,
  );
  expect(isDatabaseUnavailable(error), String(error)).toBe(true);
  return performance.now() - begun;
}

async function recovers(): Promise<void> {
  process.kill(server.pid, "SIGCONT");
  await until(async () => {
    try {
      return (await resume()).state === "live";
    } catch (error) {
      if (!isDatabaseUnavailable(error)) throw error;
      return false;
    }
  });
}

// Its threads stop one after another; one that still runs would answer.
async function freeze(): Promise<void> {
  process.kill(server.pid, "SIGSTOP");
  const folder = `/proc/${server.pid}/task`;
  const isStopped = (thread: string) =>
    /^State:\s+T/m.test(readFileSync(`${folder}/${thread}/status`, "utf8"));
  await until(async () => readdirSync(folder).every(isStopped));
}

describe("a server that is frozen", () => {
  it("RL-1: a read, a sign-in and a wait for a connection end within three seconds", async () => {
    await resume();
    await freeze();
    const many = Array.from({ length: 30 }, () => heardAfter(resume));
    const times = await Promise.all([...many, heardAfter(() => signedIn({ user: person.user }))]);
    expect(Math.max(...times)).toBeLessThan(PROMISED_MS);
    // Nor at once: an answer that is merely slow is waited for.
    expect(Math.min(...times)).toBeGreaterThan(1000);
  });

  it("RL-1: new connections end as soon", async () => {
    await closeDatabase();
    await freeze();
    expect(await heardAfter(resume)).toBeLessThan(PROMISED_MS);
  });

  it("RL-1: recovers alone, with the session as it was", async () => {
    await freeze();
    await heardAfter(resume);
    await recovers();
    expect(await resume()).toMatchObject({ state: "live", session: { id: person.session.id } });
    await signedIn({ user: person.user });
  });
});
