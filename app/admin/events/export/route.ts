import { z } from "zod";
import { EventQuery, eventFilter } from "@/app/admin/_console/find-events";
import { FORMATS, type Format } from "@/app/admin/events/export/lines";
import { type EventFilter, streamEvents } from "@/lib/events/read";
import { withoutSession, withSession } from "@/lib/request/handler";
import { otherMethod } from "@/lib/request/problem";

const FormatName = z.enum(["csv", "jsonl"]).catch("csv");

/** The log, with the filters of its page, as a file of any size: read while it is sent. */
export const GET = withSession(
  async (request) => {
    const query = Object.fromEntries(new URL(request.url).searchParams);
    const name = FormatName.parse(query.format);
    const filter = await eventFilter(EventQuery.parse(query));
    const headers = {
      "Content-Type": FORMATS[name].contentType,
      "Content-Disposition": `attachment; filename="events.${name}"`,
      "Cache-Control": "private, no-store",
      Vary: "Cookie",
    };
    return new Response(streamOf(pieces(filter, FORMATS[name])), { headers });
  },
  { role: "staff", isHidden: true },
);

const other = withoutSession(async (request) => otherMethod(request, ["GET", "HEAD"]));

export { other as DELETE, other as OPTIONS, other as PATCH, other as POST, other as PUT };

const PIECE_CHARACTERS = 64 * 1024;

async function* pieces(filter: EventFilter | null, { head, line }: Format): AsyncGenerator<string> {
  let piece = head;
  for await (const event of filter ? streamEvents(filter) : []) {
    piece += line(event);
    if (piece.length < PIECE_CHARACTERS) continue;
    yield piece;
    piece = "";
  }
  yield piece;
}

// Pulled: the database is read as fast as the reader takes it, and no longer than they stay.
function streamOf(source: AsyncGenerator<string>): ReadableStream<Uint8Array> {
  const encoder = new TextEncoder();
  return new ReadableStream({
    async pull(controller) {
      const { value, done } = await source.next();
      if (done) controller.close();
      else controller.enqueue(encoder.encode(value));
    },
    async cancel() {
      await source.return(undefined);
    },
  });
}
