import type { NewEvent } from "@/lib/events/event";

export async function onEvent({ type, userId, device }: NewEvent): Promise<void> {
  if (type !== "sign_in") return;
  await fetch("http://127.0.0.1:9000/signed-in", {
    method: "POST",
    headers: { "Content-Type": "application/json" },
    body: JSON.stringify({ userId, from: device?.ipAddress }),
  });
}
