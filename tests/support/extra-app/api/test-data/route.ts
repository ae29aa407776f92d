// A handler as an application would have one, put into a copy of the app for the tests alone.
import { z } from "zod";
import { withSession } from "@/lib/request/handler";
import { json, noContent, notFoundProblem, unexpected } from "@/lib/request/problem";
import { updateSessionData } from "@/lib/request/session-data";

const Input = z.strictObject({
  set: z.record(z.string(), z.json()),
  remove: z.array(z.string()).default([]),
  outcome: z.enum(["done", "throws", "500", "404"]).default("done"),
});

export const GET = withSession(async (_request, { session }) => json(session.data));

export const POST = withSession(
  async (_request, _current, _context, { set, remove, outcome }) => {
    await updateSessionData(set);
    await updateSessionData(Object.fromEntries(remove.map((key) => [key, undefined])));
    if (outcome === "throws") throw new Error("the handler failed");
    if (outcome === "500") return unexpected("test");
    return outcome === "404" ? notFoundProblem() : noContent();
  },
  { body: Input },
);
