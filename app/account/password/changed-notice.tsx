"use client";

import { useEffect, useRef } from "react";
import { Notice } from "@/app/_ui/notice";

/** Takes the focus: the form that had it is a new one after the change. */
export function ChangedNotice() {
  const place = useRef<HTMLDivElement>(null);
  useEffect(() => place.current?.focus(), []);
  return (
    <div ref={place} tabIndex={-1} className="rounded-md">
      <Notice tone="success" role="status">
        Your password is changed. You are signed out everywhere else.
      </Notice>
    </div>
  );
}
