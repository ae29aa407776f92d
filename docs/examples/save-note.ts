"use server";

import { requireSameOrigin, requireSession } from "@/lib/request/guards";

export async function saveNote(form: FormData): Promise<string> {
  await requireSameOrigin();
  const { user } = await requireSession();
  return `${user.username} wrote ${form.get("note")}`;
}
