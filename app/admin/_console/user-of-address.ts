import "server-only";
import { notFound } from "next/navigation";
import { addressId, type WithId } from "@/lib/request/body";
import { type ListedUser, userById } from "@/lib/users/find";
import { UserId } from "@/lib/users/user";

/** The user whom an address names; without one the page does not exist. */
export async function userOfAddress(params: WithId["params"]): Promise<ListedUser> {
  const id = await addressId({ params }, UserId);
  const user = id === null ? null : await userById(id);
  return user ?? notFound();
}
