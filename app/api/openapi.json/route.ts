import { openApiDocument } from "@/lib/api/openapi";
import { settings } from "@/lib/env";
import { withoutSession } from "@/lib/request/handler";
import { json, otherMethod } from "@/lib/request/problem";

/** The description of this API. */
export const GET = withoutSession(async () => json(openApiDocument(settings().APP_URL.origin)));

const other = withoutSession(async (request) => otherMethod(request, ["GET", "HEAD"]));

export { other as DELETE, other as OPTIONS, other as PATCH, other as POST, other as PUT };
