import { expect, it } from "vitest";
import { noteRejectedSecret } from "@/lib/events/record";
import { DEVICE, eventsOf, signedIn } from "../../support/signed-in";

const REJECTED = ["sign_in", "secret_rejected"];

async function noted(session: { id: string; userId: number }, now: Date): Promise<string[]> {
  await noteRejectedSecret({ sessionId: session.id, userId: session.userId }, DEVICE, now);
  return eventsOf(session.id);
}

it("LG-1: a copied cookie is noted once per session and minute", async () => {
  const { session } = await signedIn();
  const now = new Date();
  const after = (ms: number) => new Date(now.getTime() + ms);
  expect(await noted(session, now)).toEqual(REJECTED);
  expect(await noted(session, after(59_999))).toEqual(REJECTED);
  expect(await noted(session, after(60_000))).toEqual([...REJECTED, "secret_rejected"]);
});

it("LG-1: each session counts by itself", async () => {
  const [one, other] = [await signedIn(), await signedIn()];
  const now = new Date();
  await noted(one.session, now);
  expect(await noted(other.session, now)).toEqual(REJECTED);
});
