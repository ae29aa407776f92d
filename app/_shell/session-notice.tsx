"use client";

import { useEffect, useRef, useState, useSyncExternalStore } from "react";
import type { Ends } from "@/app/_shell/ask-session";
import { type Watch, watchSession } from "@/app/_shell/watch-session";
import { Button } from "@/app/_ui/button";

const EXTENSION_WORTH_MS = 60_000;

type SessionNoticeProps = { id: string; leftMs: number; isSliding: boolean };

/** Says that the session is about to end, without taking the focus; empty most of the time. */
export function SessionNotice({ id, leftMs, isSliding }: SessionNoticeProps) {
  const [ends, warn] = useState<Ends | null>(null);
  const watch = useRef<Watch>(null);
  const isOffline = useOffline();

  useEffect(() => {
    const started = watchSession(id, leftMs, warn);
    watch.current = started;
    return started.stop;
  }, [id, leftMs]);

  async function stay() {
    // The button goes; the focus must not go with it.
    if (await watch.current?.extend()) document.getElementById("main")?.focus();
  }

  const canExtend = ends && isSliding && ends.absoluteEndsAt - ends.endsAt > EXTENSION_WORTH_MS;
  return (
    <div role="status" className="fixed inset-x-4 bottom-4 z-20 sm:left-auto sm:w-96">
      {(ends || isOffline) && (
        <div className="flex flex-wrap items-center gap-3 rounded-lg border border-warning-line bg-warning-soft px-4 py-3 text-sm text-warning shadow-card">
          <p className="flex-1 basis-48">{isOffline ? OFFLINE : words(ends, canExtend)}</p>
          {canExtend && !isOffline && (
            <Button variant="secondary" onClick={stay}>
              Stay signed in
            </Button>
          )}
        </div>
      )}
    </div>
  );
}

const OFFLINE = "You are offline. What you see may be out of date.";

function words(ends: Ends | null, canExtend: boolean | null): string {
  const time = new Date(ends?.endsAt ?? 0).toLocaleTimeString([], { timeStyle: "short" });
  return canExtend
    ? `You will be signed out at ${time} unless you go on.`
    : `Your session ends at ${time}. Save your work, and sign in again to go on.`;
}

function useOffline(): boolean {
  return useSyncExternalStore(
    onNetworkChange,
    () => !navigator.onLine,
    () => false,
  );
}

function onNetworkChange(then: () => void): () => void {
  window.addEventListener("online", then);
  window.addEventListener("offline", then);
  return () => {
    window.removeEventListener("online", then);
    window.removeEventListener("offline", then);
  };
}
