import { SessionNotice } from "@/app/_shell/session-notice";
import { settings } from "@/lib/env";
import { presentedSession } from "@/lib/request/current";

/** Belongs on every page that shows who is signed in. Costs no read: the page's guard asked already. */
export async function SessionWatch() {
  const presented = await presentedSession();
  if (presented.state !== "live") return null;
  const { id, expiresAt } = presented.session;
  return (
    <SessionNotice
      id={id}
      leftMs={expiresAt.getTime() - Date.now()}
      isSliding={settings().SESSION_SAVE_EVERY_REQUEST}
    />
  );
}
