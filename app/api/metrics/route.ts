import { withoutSession } from "@/lib/request/handler";
import { areMetricsOn, isScraper, metricsText } from "@/lib/request/metrics-text";
import { notFoundProblem, otherMethod, text, tokenNeeded } from "@/lib/request/problem";

/** What Prometheus scrapes. */
export const GET = withoutSession(async (request) => {
  if (!areMetricsOn()) return notFoundProblem();
  if (!isScraper(request.headers)) return tokenNeeded();
  return text(await metricsText(new Date()), "text/plain; version=0.0.4; charset=utf-8");
});

const other = withoutSession(async (request) => otherMethod(request, ["GET", "HEAD"]));

export { other as DELETE, other as OPTIONS, other as PATCH, other as POST, other as PUT };
