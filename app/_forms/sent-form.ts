import { z } from "zod";
import { malformed } from "@/lib/request-scope";

// An action is an address like any other, and its arguments are whatever somebody sent: what no form
// of ours would send is refused with 400.

/** A field that a page of ours fills in by itself. Throws what becomes 400 where it does not fit. */
export function filledIn<T>(schema: z.ZodType<T>, form: FormData, field: string): T {
  const result = schema.safeParse(sentForm(form).get(field));
  if (result.success) return result.data;
  throw malformed(`An action was called with a form whose ${field} no page of ours fills in so.`);
}

/** What was typed into a field. A file where text is meant counts as nothing typed. */
export function fieldText(form: FormData, field: string): string {
  const value = sentForm(form).get(field);
  return typeof value === "string" ? value : "";
}

/** The form that an action was called with. Throws what becomes 400 where it is none. */
export function sentForm(form: unknown): FormData {
  if (form instanceof FormData) return form;
  throw malformed("An action was called without its form.");
}

const Tried = z.object({ attempt: z.int() });

/** The number of this try, by what the form showed before. Throws what becomes 400. */
export function thisAttempt(previous: unknown): number {
  const tried = Tried.safeParse(previous);
  if (tried.success) return tried.data.attempt + 1;
  throw malformed("An action was called without the state of its form.");
}
