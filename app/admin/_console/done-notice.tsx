import { z } from "zod";
import { Notice } from "@/app/_ui/notice";
import { wholeNumber } from "@/app/_ui/stat";

const Count = z.coerce.number().int().min(0).max(1_000_000).nullable().catch(null);

/** Says how many sessions were ended; nothing for what is no number, since anyone can write a link. */
export function DoneNotice({ ended }: { ended: unknown }) {
  const count = Count.parse(ended ?? null);
  if (count === null) return null;
  return (
    <div className="mb-5">
      <Notice role="status" tone={count > 0 ? "success" : "info"}>
        {count === 0 && "Nothing was ended: those sessions were already over."}
        {count === 1 && "One session was ended."}
        {count > 1 && `${wholeNumber(count)} sessions were ended.`}
      </Notice>
    </div>
  );
}
