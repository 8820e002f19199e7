import type { Members } from "@/lib/issues/audience";
import { formatMoney } from "@/lib/publication/format";
import type { PublicationSettings } from "@/lib/publication/queries";

const PARTS = [
  ["paying", "pays", "pay", "var(--good)"],
  ["trials", "on trial", "on trial", "color-mix(in srgb, var(--good) 50%, var(--line))"],
  ["overdue", "with a failed payment", "with a failed payment", "var(--bad)"],
  ["free", "free", "free", "var(--ink-soft)"],
] as const;

/** Who reads everything, why, and what that brings a month. */
export function MembersPanel({
  members,
  publication,
}: {
  members: Members;
  publication: PublicationSettings;
}) {
  const all = PARTS.reduce((sum, [part]) => sum + members[part], 0);
  const present = PARTS.filter(([part]) => members[part] > 0);
  const sums = members.monthly.map(({ amountCents, currency }) =>
    formatMoney(amountCents, currency, publication.language),
  );
  return (
    <section className="desk-panel" aria-labelledby="members-title">
      <h2 id="members-title">Members</h2>
      <p className="mb-2">
        <span className="desk-figure">{all.toLocaleString("en")}</span>
        <span className="desk-soft">
          {" "}
          {all === 1 ? "reads" : "read"} everything
          {sums.length > 0 && `, which brings ${sums.join(" and ")} a month before fees`}
        </span>
      </p>
      {all === 0 ? (
        <p className="desk-soft">Nobody yet. A paywall in an issue is where they begin.</p>
      ) : (
        <>
          <div className="desk-bar-chart" aria-hidden="true">
            {present.map(([part, , , colour]) => (
              <span key={part} style={{ width: `${(members[part] / all) * 100}%`, background: colour }} />
            ))}
          </div>
          <ul className="mt-2 flex flex-wrap gap-x-4">
            {present.map(([part, one, many, colour]) => (
              <li key={part} className="inline-flex items-center gap-1.5">
                <span className="desk-dot" style={{ background: colour }} />
                {members[part].toLocaleString("en")} {members[part] === 1 ? one : many}
              </li>
            ))}
          </ul>
        </>
      )}
    </section>
  );
}
