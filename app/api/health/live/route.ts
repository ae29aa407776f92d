import { withoutSession } from "@/lib/request/handler";
import { json, otherMethod } from "@/lib/request/problem";

/** The process runs. Asks nothing, so that an outage of the database restarts no process. */
export const GET = withoutSession(async () => json({ status: "ok" }));

const other = withoutSession(async (request) => otherMethod(request, ["GET", "HEAD"]));

export { other as DELETE, other as OPTIONS, other as PATCH, other as POST, other as PUT };
