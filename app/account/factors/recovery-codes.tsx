"use client";

import { Button } from "@/app/_ui/button";
import { buttonClass } from "@/app/_ui/button-class";
import { Card } from "@/app/_ui/card";
import { CopyButton } from "@/app/_ui/copy-button";
import { useHydrated } from "@/app/_ui/use-hydrated";

/** The codes, this once, with the ways to keep them. */
export function RecoveryCodes({ codes }: { codes: readonly string[] }) {
  const isHydrated = useHydrated();
  const text = `${codes.join("\n")}\n`;
  return (
    <Card title="Your recovery codes">
      <div className="space-y-4">
        <p className="text-sm text-muted">
          Keep them where you keep things that matter, and not on your phone. Each signs you in once
          if you lose your app. You won’t see them again.
        </p>
        <ul className="grid gap-x-6 gap-y-2 font-mono text-sm">
          {codes.map((code) => (
            <li key={code} className="wrap-anywhere">
              {code}
            </li>
          ))}
        </ul>
        <div className="flex flex-wrap gap-3 print:hidden">
          <CopyButton text={text} label="Copy" />
          <a
            href={`data:text/plain;charset=utf-8,${encodeURIComponent(text)}`}
            download="recovery-codes.txt"
            className={buttonClass("secondary")}
          >
            Download
          </a>
          {isHydrated && (
            <Button variant="secondary" onClick={() => window.print()}>
              Print
            </Button>
          )}
        </div>
      </div>
    </Card>
  );
}
