import type { Growth } from "@/lib/issues/audience";
import { formatDate } from "@/lib/publication/format";
import type { PublicationSettings } from "@/lib/publication/queries";
import { LineChart } from "./line-chart";

/** Closed addresses are spoken of where there are any. */
export function growthInWords({ joined, left, closed }: Pick<Growth, "joined" | "left" | "closed">): string {
  const [came, went, shut] = [joined, left, closed].map((count) => count.toLocaleString("en"));
  if (closed === 0) return `${came} joined and ${went} left`;
  return `${came} joined, ${went} left and ${shut} ${closed === 1 ? "address was" : "addresses were"} closed`;
}

export function ReadersPanel({
  confirmed,
  growth,
  publication,
}: {
  confirmed: number;
  growth: Growth;
  publication: PublicationSettings;
}) {
  return (
    <section className="desk-panel" aria-labelledby="readers-title">
      <h2 id="readers-title">Readers</h2>
      <p className="mb-2">
        <a href="/admin/subscribers?status=CONFIRMED" className="desk-figure">
          {confirmed.toLocaleString("en")}
        </a>
        <span className="desk-soft"> confirmed; {growthInWords(growth)} in seven days</span>
      </p>
      <LineChart
        label={`Confirmed, over ${growth.weeks.length} weeks`}
        points={growth.weeks.map((week) => ({ name: formatDate(week.end, publication), value: week.total }))}
      />
    </section>
  );
}
