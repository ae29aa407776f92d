import { withSession } from "@/lib/request/handler";
import { noContent } from "@/lib/request/problem";
import { updateSessionData } from "@/lib/request/session-data";

export const POST = withSession(async () => {
  await updateSessionData({ lastVisitAt: new Date().toISOString(), draft: undefined });
  return noContent();
});
