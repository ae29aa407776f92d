import type { ReactNode } from "react";
import { NoticeIcon } from "@/app/_ui/notice-icon";
import { TONE_CLASS, type Tone } from "@/app/_ui/tone";

type NoticeProps = {
  tone?: Tone;
  id?: string;
  role?: "alert" | "status";
  children: ReactNode;
};

/** A static notice has no role; give it `alert` only where it appears after something was done. */
export function Notice({ tone = "info", id, role, children }: NoticeProps) {
  return (
    <div
      id={id}
      role={role}
      className={`flex gap-2.5 rounded-md border px-3.5 py-3 text-sm ${TONE_CLASS[tone]}`}
    >
      <NoticeIcon tone={tone} />
      <div className="min-w-0">{children}</div>
    </div>
  );
}
