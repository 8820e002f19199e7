import { DeskTable } from "@/app/admin/_desk/desk-table";
import { shortMoment } from "@/app/admin/_desk/moment";
import { getDatabase } from "@/lib/db";
import { type BounceInList, listBounces } from "@/lib/deliveries/bounces/queries";
import type { PublicationSettings } from "@/lib/publication/queries";
import { bounceInWords, bounceSourceInWords } from "../bounce-words";

/** What came back from this person's address, and how much of it counts. Nothing for whom nothing did. */
export async function BouncePart({
  subscriberId,
  publication,
}: {
  subscriberId: string;
  publication: PublicationSettings;
}) {
  const { bounces, total, score } = await listBounces(getDatabase(), subscriberId, { now: new Date() });
  if (total === 0) return null;
  return (
    <section className="desk-panel" aria-labelledby="bounces-title">
      <h2 id="bounces-title">
        What came back <span className="desk-soft">{total.toLocaleString("en")}</span>
      </h2>
      <p className="desk-soft mb-2">
        {score} of 4 points against the address. At 4 it is closed, at once where there is no such mailbox or
        somebody complains; 30 days without and all is forgotten.
      </p>
      <DeskTable
        label="What came back from this address"
        rows={bounces}
        keyOf={(bounce) => bounce.id}
        columns={[
          { head: "When", look: "whitespace-nowrap", cell: ({ at }) => shortMoment(at, publication) },
          { head: "What", cell: (bounce) => <What bounce={bounce} /> },
          { head: "Mail", cell: (bounce) => <Mail bounce={bounce} /> },
          { head: "Said by", look: "desk-soft", cell: ({ source }) => bounceSourceInWords(source) },
          {
            head: "Words",
            look: "wide desk-soft",
            cell: ({ status, words }) =>
              words && status && words.includes(status) ? words : `${status ?? ""} ${words ?? ""}`,
          },
        ]}
      />
    </section>
  );
}

function What({ bounce: { kind, forgivenAt } }: { bounce: BounceInList }) {
  const counts = forgivenAt === null && kind !== "POLICY";
  return (
    <>
      <span className={`desk-tag ${counts ? "bad" : "plain"}`}>{bounceInWords(kind)}</span>
      {forgivenAt !== null && <span className="desk-soft"> counts no more</span>}
    </>
  );
}

function Mail({ bounce: { issue } }: { bounce: BounceInList }) {
  if (!issue) return null;
  return <a href={`/admin/issues/${issue.id}`}>{issue.title || "Untitled"}</a>;
}
