import { buttonClass } from "@/app/_ui/button-class";
import { Card } from "@/app/_ui/card";

export function Leaving() {
  return (
    <Card title="Leaving">
      <div className="flex flex-wrap items-center justify-between gap-x-6 gap-y-3">
        <p className="min-w-0 max-w-prose basis-64 grow text-sm text-muted">
          Delete your account and what this site keeps about you. You have 7 days to change your
          mind.
        </p>
        <a href="/account/delete" className={buttonClass("secondary")}>
          Delete account…
        </a>
      </div>
    </Card>
  );
}
