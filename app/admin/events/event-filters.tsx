import { FilterForm } from "@/app/_ui/filter-form";
import { SelectField } from "@/app/_ui/select-field";
import { TextField } from "@/app/_ui/text-field";
import { EVENT_NAMES } from "@/app/admin/_console/event-words";
import { FilterChips } from "@/app/admin/_console/filter-chips";
import { SearchField } from "@/app/admin/_console/search-field";

type EventFiltersProps = { path: string; parameters: Record<string, string | undefined> };

export function EventFilters({ path, parameters }: EventFiltersProps) {
  const { q, type, since, until } = parameters;
  return (
    <FilterForm
      action={path}
      label="Find events"
      isFiltered={Object.values(parameters).some(Boolean)}
    >
      <SearchField label="Search" placeholder="Person, address, network or session id" typed={q} />
      <SelectField label="Type" name="type" defaultValue={type ?? ""}>
        <option value="">All types</option>
        {Object.entries(EVENT_NAMES).map(([value, name]) => (
          <option key={value} value={value}>
            {name}
          </option>
        ))}
      </SelectField>
      <TextField label="From (UTC)" name="since" type="datetime-local" defaultValue={since} />
      <TextField label="Before (UTC)" name="until" type="datetime-local" defaultValue={until} />
      <FilterChips
        path={path}
        parameters={parameters}
        words={{ user: "User", address: "Address" }}
      />
    </FilterForm>
  );
}
