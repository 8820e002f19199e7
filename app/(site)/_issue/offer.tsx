import { pricesInWords } from "@/lib/publication/plans";
import type { PublicationSettings } from "@/lib/publication/queries";
import "./offer.css";

export function daysInWords(days: number): string {
  return days === 1 ? "1 day" : `${days} days`;
}

/** One sentence on what membership is and costs, for pages that are not about it. */
export function MembershipLine({ publication }: { publication: PublicationSettings }) {
  const { trialDays } = publication;
  return (
    <aside className="membership-line" aria-label="Membership">
      <p>
        Members read every issue to the end and the whole archive, for {pricesInWords(publication)}
        {trialDays > 0 && <> after {daysInWords(trialDays)} free</>}.{" "}
        <a href="/join">{trialDays > 0 ? "Try it" : "Become a member"}</a>
      </p>
    </aside>
  );
}
