import { whyNotHashing } from "@/lib/auth/password-threads";
import { whatTablesLack } from "@/lib/db/health";
import { log } from "@/lib/log";
import { withoutSession } from "@/lib/request/handler";
import { json, notReady, otherMethod } from "@/lib/request/problem";

/** The process can serve: the database has what this build needs, and passwords can be hashed. */
export const GET = withoutSession(async () => {
  const fault = (await whatTablesLack()) ?? (await whyNotHashing());
  if (fault === null) return json({ status: "ok" });
  log().error({ fault }, "not ready");
  return notReady();
});

const other = withoutSession(async (request) => otherMethod(request, ["GET", "HEAD"]));

export { other as DELETE, other as OPTIONS, other as PATCH, other as POST, other as PUT };
