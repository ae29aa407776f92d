import "server-only";
import { timingSafeEqual } from "node:crypto";
import { countClosed } from "@/lib/auth/closed-accounts";
import { waitingForThreads } from "@/lib/auth/password-threads";
import { databaseLoad } from "@/lib/db/health";
import { settings } from "@/lib/env";
import { outboxState } from "@/lib/mail/list";
import { metrics } from "@/lib/metrics";
import { aboutLive } from "@/lib/session/stats";

/** Whether metrics are shown at all: only with a `METRICS_TOKEN`. */
export function areMetricsOn(): boolean {
  return settings().METRICS_TOKEN !== undefined;
}

/** Whether a request brought `METRICS_TOKEN` as its bearer token. */
export function isScraper(headers: Headers): boolean {
  const given = Buffer.from(headers.get("authorization") ?? "");
  const wanted = Buffer.from(`Bearer ${settings().METRICS_TOKEN}`);
  return given.length === wanted.length && timingSafeEqual(given, wanted);
}

/** What this process has counted, with what is counted only when asked, as Prometheus reads it. */
export async function metricsText(now: Date): Promise<string> {
  const { registry, liveSessions, closedAccounts, hashQueue, connections, lookUps } = metrics();
  await measureMail(now);
  const { inUse, waiting, lookUps: counted } = databaseLoad();
  liveSessions.set((await aboutLive(now)).count);
  closedAccounts.set(await countClosed());
  hashQueue.set(waitingForThreads());
  connections.set({ state: "in use" }, inUse);
  connections.set({ state: "waited for" }, waiting);
  lookUps.reset();
  for (const [what, count] of Object.entries(counted)) lookUps.inc({ what }, count);
  return registry.metrics();
}

async function measureMail(now: Date): Promise<void> {
  const { mailsWaiting, oldestMailSeconds, mailsFailed } = metrics();
  const { waiting, oldestAt, failed } = await outboxState();
  mailsWaiting.set(waiting);
  oldestMailSeconds.set(oldestAt ? Math.max(now.getTime() - oldestAt.getTime(), 0) / 1000 : 0);
  mailsFailed.set(failed);
}
