import type { Metadata } from "next";
import { Button } from "@/app/_ui/button";
import { Card } from "@/app/_ui/card";
import { Notice } from "@/app/_ui/notice";
import { TextField } from "@/app/_ui/text-field";
import { ConsolePage } from "@/app/admin/_console/console-page";
import { PreviewTable } from "@/app/admin/policy/preview-table";
import { PolicyQuery, planOf } from "@/app/admin/policy/query";
import { settings } from "@/lib/env";
import { previewPolicy } from "@/lib/jobs/policy-preview";
import { requireRole } from "@/lib/request/guards";
import { durationWords } from "@/lib/time-words";

const PATH = "/admin/policy";
/** More would keep whoever waits for the page. */
const MOST_LOOKED_AT = 100_000;

export async function generateMetadata(): Promise<Metadata> {
  await requireRole("staff");
  return { title: "Policy" };
}

export default async function PolicyPage({ searchParams }: PageProps<"/admin/policy">) {
  const { user } = await requireRole("staff");
  const typed = PolicyQuery.parse(await searchParams);
  const { planned, faults } = planOf(typed);
  const isAsked = Object.keys(planned).length > 0 && Object.keys(faults).length === 0;
  const preview = isAsked ? await previewPolicy(planned, new Date(), MOST_LOOKED_AT) : null;
  const present = settings();
  const most = present.SESSION_LIMIT_PER_USER;
  return (
    <ConsolePage
      user={user}
      current={PATH}
      title="Policy"
      lead="What other limits would do to everybody who is signed in. Nothing is changed here."
    >
      <div className="space-y-6">
        <Card title="Limits to try">
          <form
            action={PATH}
            aria-label="Try limits"
            className="grid items-start gap-4 sm:grid-cols-3"
          >
            <TextField
              label="Ends when unused for"
              name="idle"
              defaultValue={typed.idle}
              hint={`Now ${durationWords(present.SESSION_COOKIE_AGE)}`}
              error={faults.idle}
              placeholder="30m"
              autoComplete="off"
            />
            <TextField
              label="Ends at the latest after"
              name="absolute"
              defaultValue={typed.absolute}
              hint={`Now ${durationWords(present.SESSION_ABSOLUTE_AGE)}`}
              error={faults.absolute}
              placeholder="14d"
              autoComplete="off"
            />
            <TextField
              label="Sessions per person"
              name="limit"
              defaultValue={typed.limit}
              hint={`Now ${most === 0 ? "no limit" : most}`}
              error={faults.limit}
              inputMode="numeric"
              placeholder="5"
              autoComplete="off"
            />
            <div className="sm:col-span-3">
              <Button type="submit">Preview</Button>
            </div>
          </form>
        </Card>
        {preview && <PreviewTable roles={preview.roles} />}
        {preview && !preview.isWhole && (
          <Notice tone="info">
            There are more sessions than this page looks at: these are the{" "}
            {MOST_LOOKED_AT.toLocaleString("en")} that began first. The command{" "}
            <code>sessions policy preview</code> looks at all of them.
          </Notice>
        )}
        <p className="max-w-prose text-sm text-muted">
          To change limits, set <code>SESSION_COOKIE_AGE</code>, <code>SESSION_ABSOLUTE_AGE</code>{" "}
          or <code>SESSION_LIMIT_PER_USER</code> and start the site again. Sessions above the limit
          end when their person signs in again. Staff keep their own, shorter limits.
        </p>
      </div>
    </ConsolePage>
  );
}
