import type { Growth } from "@/lib/issues/audience";
import { formatDate } from "@/lib/publication/format";
import type { PublicationSettings } from "@/lib/publication/queries";
import { LineChart } from "./line-chart";

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
        <span className="desk-soft">
          {" "}
          confirmed; {growth.joined.toLocaleString("en")} joined and {growth.left.toLocaleString("en")} left
          in seven days
        </span>
      </p>
      <LineChart
        label={`Confirmed, over ${growth.weeks.length} weeks`}
        points={growth.weeks.map((week) => ({ name: formatDate(week.end, publication), value: week.total }))}
      />
    </section>
  );
}
