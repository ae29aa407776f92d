import type { ReactNode } from "react";
import { Button } from "@/app/_ui/button";
import { buttonClass } from "@/app/_ui/button-class";

type FilterFormProps = {
  action: string;
  label: string;
  isFiltered: boolean;
  children: ReactNode;
};

/** Filters that stand in the address: a form that asks, so it needs no JavaScript. */
export function FilterForm({ action, label, isFiltered, children }: FilterFormProps) {
  return (
    <search className="mb-5 block">
      <form
        action={action}
        aria-label={label}
        className="grid grid-cols-2 items-end gap-3 lg:flex lg:flex-wrap lg:[&>*]:min-w-36 lg:[&>*]:flex-1"
      >
        {children}
        <div className="flex flex-wrap gap-2 lg:!flex-none">
          <Button type="submit" variant="secondary" className="flex-1 lg:flex-none">
            Search
          </Button>
          {isFiltered && (
            <a href={action} className={buttonClass("secondary", "flex-1 lg:flex-none")}>
              Clear
            </a>
          )}
        </div>
      </form>
    </search>
  );
}
