import { addressWith } from "@/app/admin/_desk/paging";
import { MOVE_IN_PARTS, type MoveInCounts, type MoveInPart } from "@/lib/memberships/move-in-queries";
import { PART_NAMES } from "./move-in-words";

/** The parts of the report, with how many are in each. */
export function PartTabs({
  counts,
  part,
  search,
}: {
  counts: MoveInCounts;
  part: MoveInPart | undefined;
  search: string;
}) {
  const everybody = MOVE_IN_PARTS.reduce((sum, each) => sum + counts[each], 0);
  const tab = (name: string, count: number, value?: MoveInPart) => (
    <a
      key={name}
      href={addressWith("/admin/import/members", { q: search, part: value })}
      {...(value === part && { "aria-current": "page" as const })}
    >
      {name} <span className="desk-soft">{count.toLocaleString("en")}</span>
    </a>
  );
  return (
    <nav aria-label="Readers by what became of them" className="desk-tabs">
      {tab("All", everybody)}
      {MOVE_IN_PARTS.map((each) => tab(PART_NAMES[each], counts[each], each))}
    </nav>
  );
}
