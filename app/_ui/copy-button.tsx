"use client";

import { useState } from "react";
import { Button } from "@/app/_ui/button";
import { useHydrated } from "@/app/_ui/use-hydrated";

type CopyButtonProps = { text: string; label: string };

/** Copies a text and says so; not there without scripts, where one marks it oneself. */
export function CopyButton({ text, label }: CopyButtonProps) {
  const [said, say] = useState("");
  if (!useHydrated()) return null;

  async function copy() {
    try {
      await navigator.clipboard.writeText(text);
      say("Copied.");
    } catch {
      // A browser may forbid it; the text stands beside the button.
      say("Your browser didn’t copy it. Select it and copy it yourself.");
    }
  }

  return (
    <div className="flex flex-wrap items-center gap-3">
      <Button variant="secondary" onClick={copy}>
        {label}
      </Button>
      <p role="status" className="text-sm text-muted">
        {said}
      </p>
    </div>
  );
}
