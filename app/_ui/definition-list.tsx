import type { ReactNode } from "react";

export function DefinitionList({ children }: { children: ReactNode }) {
  return <dl className="-my-3.5 @container divide-y divide-line">{children}</dl>;
}

type DefinitionProps = { term: ReactNode; detail?: ReactNode; children: ReactNode };

export function Definition({ term, detail, children }: DefinitionProps) {
  return (
    <div className="grid gap-x-6 gap-y-0.5 py-3.5 @xl:grid-cols-[14rem_1fr]">
      <dt className="text-sm text-muted @xl:leading-6">{term}</dt>
      <dd className="min-w-0 wrap-anywhere">
        {children}
        {detail && <div className="mt-0.5 text-sm text-muted">{detail}</div>}
      </dd>
    </div>
  );
}
