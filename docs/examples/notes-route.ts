import { z } from "zod";
import { withSession } from "@/lib/request/handler";
import { json } from "@/lib/request/problem";

const Note = z.strictObject({ text: z.string().max(1000) });

export const GET = withSession(async (_request, { user }) => json({ notesOf: user.username }));

export const POST = withSession(
  async (_request, { user }, _context, { text }) => json({ wrote: text, by: user.username }, 201),
  { body: Note },
);

export const DELETE = withSession(async () => json({ deleted: true }), { role: "staff" });
