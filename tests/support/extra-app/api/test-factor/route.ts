import { withSession } from "@/lib/request/handler";
import { json } from "@/lib/request/problem";

/** What a passkey must have opened in the last proof. */
export const GET = withSession(async () => json({ opened: true }), {
  recentProof: true,
  factor: "passkey",
});
