import { pingDatabase } from "@/lib/db/ping";
import { withoutSession } from "@/lib/request/handler";
import { json, otherMethod } from "@/lib/request/problem";

/** The process can serve: the database answers. */
export const GET = withoutSession(async () => {
  await pingDatabase();
  return json({ status: "ok" });
});

const other = withoutSession(async (request) => otherMethod(request, ["GET", "HEAD"]));

export { other as DELETE, other as OPTIONS, other as PATCH, other as POST, other as PUT };
