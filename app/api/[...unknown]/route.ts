import { withoutSession } from "@/lib/request/handler";
import { notFoundProblem } from "@/lib/request/problem";

// Programs get a problem, not the page for people.
const unknown = withoutSession(async () => notFoundProblem());

export {
  unknown as DELETE,
  unknown as GET,
  unknown as OPTIONS,
  unknown as PATCH,
  unknown as POST,
  unknown as PUT,
};
