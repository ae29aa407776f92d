import { requireSession } from "@/lib/request/guards";

export default async function NotesPage() {
  const { user } = await requireSession();
  return <h1>Notes of {user.name}</h1>;
}
