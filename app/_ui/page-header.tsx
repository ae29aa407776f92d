import type { ReactNode } from "react";

type PageHeaderProps = { title: string; lead?: ReactNode; actions?: ReactNode };

export function PageHeader({ title, lead, actions }: PageHeaderProps) {
  return (
    <div className="mb-8 flex flex-wrap items-end justify-between gap-4">
      <div className="min-w-0 space-y-1.5">
        <h1 className="text-2xl font-semibold text-balance wrap-anywhere">{title}</h1>
        {lead && <p className="max-w-prose text-muted wrap-anywhere">{lead}</p>}
      </div>
      {actions}
    </div>
  );
}
