import { Cell, DataTable, HeadCell } from "@/app/_ui/data-table";
import { allOf, type Preview } from "@/lib/jobs/policy-preview";
import { ROLE_WORDS } from "@/lib/roles";

const number = new Intl.NumberFormat("en");

/** What planned limits would do, by role and altogether. */
export function PreviewTable({ roles }: { roles: readonly Preview[] }) {
  const rows = roles.map((each) => ({ ...each, name: ROLE_WORDS[each.role].name }));
  return (
    <DataTable
      label="What these limits would do"
      head={
        <>
          <HeadCell>Role</HeadCell>
          <HeadCell className="text-right">Live</HeadCell>
          <HeadCell className="text-right">End at once</HeadCell>
          <HeadCell className="text-right">Within a day</HeadCell>
          <HeadCell className="text-right">Within a day as it is</HeadCell>
          <HeadCell className="text-right">Above the limit</HeadCell>
        </>
      }
    >
      {[...rows, { ...allOf(roles), name: "Everybody" }].map((each) => (
        <tr key={each.name} className="last:font-medium">
          <Cell>{each.name}</Cell>
          {[each.live, each.atOnce, each.withinDay, each.withinDayNow, each.aboveLimit].map(
            (count, column) => (
              // biome-ignore lint/suspicious/noArrayIndexKey: columns never move
              <Cell key={column} className="text-right tabular-nums">
                {number.format(count)}
              </Cell>
            ),
          )}
        </tr>
      ))}
    </DataTable>
  );
}
