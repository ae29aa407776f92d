import "server-only";
import type { z } from "zod";
import { BadRequest, fieldErrors } from "@/lib/request/body";

/** The query of a request, checked: each name once, and none that is not known. Throws BadRequest: 400. */
export function checkedQuery<T>(request: Request, schema: z.ZodType<T>): T {
  const { searchParams } = new URL(request.url);
  const names = [...new Set(searchParams.keys())];
  const given = names.map((name) => {
    const values = searchParams.getAll(name);
    return [name, values.length === 1 ? values[0] : values];
  });
  const result = schema.safeParse(Object.fromEntries(given));
  if (result.success) return result.data;
  const errors = fieldErrors(result.error);
  const detail = "The query is not as it must be.";
  throw new BadRequest({ status: 400, title: "Bad request", detail, errors });
}
