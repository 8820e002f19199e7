import type { Member } from "@/lib/memberships/figures-queries";
import { formatDate, formatMoney } from "@/lib/publication/format";
import type { PublicationSettings } from "@/lib/publication/queries";

/** Whose payment failed, what is owed and when that closes paid issues; nothing where none failed. */
export function FailedPayments({
  members,
  publication,
  now,
}: {
  members: Member[];
  publication: PublicationSettings;
  now: Date;
}) {
  if (members.length === 0) return null;
  return (
    <section className="desk-panel" aria-labelledby="failed-title">
      <h2 id="failed-title">Payments that failed</h2>
      <ul className="desk-lines grid gap-1">
        {members.map(({ subscriberId, email, due, graceEndsAt }) => (
          <li key={subscriberId} className="flex flex-wrap gap-x-3">
            <a href={`/admin/subscribers/${subscriberId}`}>{email}</a>
            {due && <strong>{formatMoney(due.amountCents, due.currency, publication.language)}</strong>}
            <span className="desk-soft">{accessInWords(graceEndsAt, publication, now)}</span>
          </li>
        ))}
      </ul>
      <p className="mt-2">
        <a href="/admin/members?state=past-due">All who are past due</a>
      </p>
    </section>
  );
}

function accessInWords(graceEndsAt: Date | null, publication: PublicationSettings, now: Date): string {
  if (!graceEndsAt) return "access has ended";
  const day = formatDate(graceEndsAt, publication);
  return graceEndsAt > now ? `access ends on ${day}` : `access ended on ${day}`;
}
