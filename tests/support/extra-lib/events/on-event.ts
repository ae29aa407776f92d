import "server-only";
import type { NewEvent } from "@/lib/events/event";
import { log } from "@/lib/log";

/** What a team would put in place of the empty one: it tells of each event, and fails at one kind. */
export async function onEvent({ type, userId }: NewEvent): Promise<void> {
  if (type === "sign_out") throw new Error("the mail server is away");
  log().info({ heard: type, userId }, "heard");
}
