import "server-only";
import { notFound } from "next/navigation";
import { z } from "zod";
import { type ListedUser, userById } from "@/lib/users/find";

const Id = z.coerce.number().int().positive().max(Number.MAX_SAFE_INTEGER);

/** The user whom an address names; without one the page does not exist. */
export async function userOfAddress(params: Promise<{ id: string }>): Promise<ListedUser> {
  const id = Id.safeParse((await params).id);
  const user = id.success ? await userById(id.data) : null;
  return user ?? notFound();
}
