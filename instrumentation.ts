import { isDevelopment, SettingsError, settings } from "@/lib/env";

/** Runs once when a server process starts, before its first request; where it fails, the process ends. */
export async function register(): Promise<void> {
  // The edge runs none of this: it has no process of its own.
  if (process.env.NEXT_RUNTIME !== "nodejs") return;
  try {
    await begin();
  } catch (error) {
    // Next would go on, and answer every request with an error. No log yet: it reads the settings, too.
    console.error(error instanceof SettingsError ? error.message : error);
    process.exit(1);
  }
}

async function begin(): Promise<void> {
  // A wrong setting stops the start, not the first sign-in.
  settings();
  const { logConsoleErrors } = await import("@/lib/log");
  if (!isDevelopment()) logConsoleErrors();
  const { prepareEveryResponse } = await import("@/lib/request/every-response");
  prepareEveryResponse();
  const { openBlocklist } = await import("@/lib/auth/blocklist");
  openBlocklist();
  const { whyNotHashing } = await import("@/lib/auth/password-threads");
  // Begins the threads with their first hash, which nobody waits for but who asks for readiness.
  void whyNotHashing();
  // Measured now, before anybody waits for it; where that fails, the first try measures.
  const { refusalFloorMs } = await import("@/lib/auth/refusal-floor");
  refusalFloorMs().catch(() => undefined);
  const { purgeNowAndThen } = await import("@/lib/jobs/purge");
  purgeNowAndThen();
  const { nowAndThen } = await import("@/lib/db/leader");
  const { keepPassedHours } = await import("@/lib/events/try-hours");
  nowAndThen("hours of tries", keepPassedHours);
  const { resealAndTell } = await import("@/lib/factors/reseal");
  // Until that is done the older secret must stay.
  nowAndThen("seals of factors", resealAndTell, { isAtOnce: true });
  const { sendMailAsItComes } = await import("@/lib/mail/sender");
  const stopSending = sendMailAsItComes();
  // What is taken now would wait for its lease to end in another process.
  process.once("SIGTERM", stopSending);
}
