import { FilterForm } from "@/app/_ui/filter-form";
import { SelectField } from "@/app/_ui/select-field";
import { TextField } from "@/app/_ui/text-field";
import { EVENT_NAMES } from "@/app/admin/_console/event-words";

type EventFiltersProps = { path: string; parameters: Record<string, string | undefined> };

export function EventFilters({ path, parameters }: EventFiltersProps) {
  const { type, user, address, since, until } = parameters;
  return (
    <FilterForm
      action={path}
      label="Find events"
      isFiltered={Object.values(parameters).some(Boolean)}
    >
      <SelectField label="Type" name="type" defaultValue={type ?? ""}>
        <option value="">All types</option>
        {Object.entries(EVENT_NAMES).map(([value, name]) => (
          <option key={value} value={value}>
            {name}
          </option>
        ))}
      </SelectField>
      <TextField label="User" name="user" defaultValue={user} placeholder="Name, email or id" />
      <TextField label="Address" name="address" defaultValue={address} placeholder="192.0.2.1" />
      <TextField label="From (UTC)" name="since" type="datetime-local" defaultValue={since} />
      <TextField label="Before (UTC)" name="until" type="datetime-local" defaultValue={until} />
    </FilterForm>
  );
}
