import { withSession } from "@/lib/request/handler";
import { json } from "@/lib/request/problem";

export const GET = withSession(async (_request, { user }) => json({ notesOf: user.username }));

export const DELETE = withSession(async () => json({ deleted: true }), { role: "staff" });
