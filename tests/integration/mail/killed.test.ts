import { type ChildProcess, spawn } from "node:child_process";
import { once } from "node:events";
import { join } from "node:path";
import { afterEach, beforeEach, expect, it, vi } from "vitest";
import { root } from "@/scripts/root";
import { headerOf, type MailServer, startMailServer } from "../../support/mail-server";
import { change, rows } from "../../support/sql";

let server: MailServer;
let recipient: string;
const instances: ChildProcess[] = [];

beforeEach(async () => {
  server = await startMailServer();
  recipient = `${crypto.randomUUID()}@example.com`;
});

afterEach(async () => {
  await Promise.all(instances.splice(0).map(kill));
  await server.stop();
});

const OPTIONS = ["--conditions=react-server", "--import", "tsx"];
const PROGRAM = join(root, "tests/integration/mail/instance.ts");

/** Starts an instance that promises so many mails. */
function instance(mails = 0, end = ""): ChildProcess {
  const env = { ...process.env, SMTP_URL: server.url, MAIL_FROM: "no-reply@example.com" };
  const words = [...OPTIONS, PROGRAM, recipient, String(mails), end];
  const child = spawn(process.execPath, words, { cwd: root, env, stdio: ["ignore", "pipe", 2] });
  instances.push(child);
  return child;
}

async function kill(child: ChildProcess): Promise<void> {
  if (child.exitCode !== null || child.signalCode !== null) return;
  const gone = once(child, "exit");
  child.kill("SIGKILL");
  await gone;
}

const mailsOf = () => rows("SELECT * FROM outbox WHERE recipient = ?", [recipient]);
const messageIds = () => server.received.map(({ raw }) => headerOf(raw, "Message-ID"));
const untilAllSent = () =>
  vi.waitFor(
    async () => expect((await mailsOf()).filter(({ sent_at: at }) => at === null)).toEqual([]),
    { timeout: 30_000, interval: 50 },
  );

it("ML-1: killed between commit and sending: another instance sends the mail, once", async () => {
  const [code, signal] = await once(instance(1, "killed"), "exit");
  expect([code, signal]).toEqual([null, "SIGKILL"]);
  expect(await mailsOf()).toMatchObject([{ attempts: 0, sent_at: null }]);
  for (let each = 0; each < 2; each += 1) instance();
  await untilAllSent();
  expect(messageIds()).toHaveLength(1);
});

it("ML-1: killed while sending: another instance sends the mail again, with the same Message-ID", async () => {
  const release = server.hold();
  const first = instance(1);
  await vi.waitFor(() => expect(server.received).toHaveLength(1), { timeout: 30_000 });
  await kill(first);
  release();
  expect(await mailsOf()).toMatchObject([{ attempts: 1, sent_at: null }]);
  const others = [instance(), instance()];
  await Promise.all(others.map(({ stdout }) => stdout && once(stdout, "data")));
  // Nobody takes it while the one that died could still be at it.
  expect(server.received).toHaveLength(1);
  await change("UPDATE outbox SET lease_until = created_at WHERE recipient = ?", [recipient]);
  await untilAllSent();
  expect(await mailsOf()).toMatchObject([{ attempts: 2 }]);
  const [one, two, ...more] = messageIds();
  expect(one).toMatch(/^<[0-9a-f-]{36}@localhost>$/);
  expect([two, more]).toEqual([one, []]);
});

it("ML-1: two instances send each of many mails once", async () => {
  for (let each = 0; each < 2; each += 1) instance(20);
  await vi.waitFor(async () => expect(await mailsOf()).toHaveLength(40), { timeout: 30_000 });
  await untilAllSent();
  expect(new Set(messageIds()).size).toBe(40);
  expect(server.received).toHaveLength(40);
});
