import { buttonClass } from "@/app/_ui/button-class";
import { addressWith } from "@/app/admin/_console/address";

const FORMATS = [
  ["csv", "Export as CSV"],
  ["jsonl", "Export as JSON lines"],
] as const;

/** Everything that fits the filters, not just this page. */
export function ExportLinks({ parameters }: { parameters: Record<string, string | undefined> }) {
  return (
    <div className="flex flex-wrap gap-3">
      {FORMATS.map(([format, label]) => (
        <a
          key={format}
          href={addressWith("/admin/events/export", { ...parameters, format })}
          download
          className={buttonClass("secondary", "pointer-fine:min-h-9 pointer-fine:py-1")}
        >
          {label}
        </a>
      ))}
    </div>
  );
}
