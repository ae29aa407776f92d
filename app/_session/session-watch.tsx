import { SessionNotice } from "@/app/_session/session-notice";
import { settings } from "@/lib/env";
import { currentSession } from "@/lib/request/current";

/** Belongs on every page that shows who is signed in. Costs no read: the page's lock asked already. */
export async function SessionWatch() {
  const current = await currentSession();
  if (!current) return null;
  const { id, expiresAt } = current.session;
  return (
    <SessionNotice
      id={id}
      leftMs={expiresAt.getTime() - Date.now()}
      isSliding={settings().SESSION_SAVE_EVERY_REQUEST}
    />
  );
}
