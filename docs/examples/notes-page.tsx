import type { Metadata } from "next";
import { requireSession } from "@/lib/request/guards";

export async function generateMetadata(): Promise<Metadata> {
  await requireSession();
  return { title: "Notes" };
}

export default async function NotesPage() {
  const { user } = await requireSession();
  return <h1>Notes of {user.name}</h1>;
}
