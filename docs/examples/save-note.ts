"use server";

import { requireSession } from "@/lib/request/guards";
import { requireSameOrigin } from "@/lib/request/origin";

export async function saveNote(form: FormData): Promise<string> {
  await requireSameOrigin();
  const { user } = await requireSession();
  return `${user.username} wrote ${form.get("note")}`;
}
