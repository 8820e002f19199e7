import { ButtonLink } from "@/app/_components/button";
import { PortalForm } from "@/app/(site)/join/join-forms";
import type { Reader } from "@/lib/auth/viewer";
import { getDatabase } from "@/lib/db";
import { membershipInWords } from "@/lib/memberships/format";
import { whyNoPause } from "@/lib/memberships/pause-words";
import { getMembership } from "@/lib/memberships/queries";
import { formatDate, formatMoney } from "@/lib/publication/format";
import type { PublicationSettings } from "@/lib/publication/queries";
import { readRefused } from "../_forms/answer-form";
import { loadPublication } from "../public-data";
import { PausePart, ResumeForm } from "./pause-forms";

/** What the reader has, what they pay and when, and the way to change it. */
export async function MembershipPanel({ reader }: { reader: Reader }) {
  const [publication, membership, refused] = await Promise.all([
    loadPublication(),
    getMembership(getDatabase(), reader.subscriberId),
    readRefused("portal"),
  ]);
  const now = new Date();
  const { title, detail, next } = membershipInWords(membership, publication, now);
  const isPaidFor = membership?.pausedFrom != null && membership.pausedFrom > now;
  return (
    <section aria-labelledby="membership-title" className="grid gap-3 border-t border-line pt-6">
      <h2 id="membership-title" className="text-lg font-semibold">
        Membership
      </h2>
      <p>
        <strong>{title}.</strong> {detail}
      </p>
      {next === "join" && (
        <div>
          <ButtonLink href="/join">Become a member</ButtonLink>
        </div>
      )}
      {next === "go-on" && (
        <div>
          <ButtonLink href="/join" tone="quiet">
            Go on after that as a member
          </ButtonLink>
        </div>
      )}
      {next === "fix" && <PortalForm label="Update my card" tone="primary" initial={refused} />}
      {next === "paused" && membership && (
        <>
          <ResumeForm
            charge={isPaidFor ? null : priceLabel(membership, publication)}
            initial={await readRefused("resume")}
          />
          <PortalForm label="Card, invoices, cancel" initial={refused} />
        </>
      )}
      {next === "manage" && <PortalForm label="Card, invoices, cancel" initial={refused} />}
      {next === "manage" && membership?.status === "ACTIVE" && !membership.cancelAtPeriodEnd && (
        <PausePart
          refusal={whyNoPause(membership)}
          paidUntil={
            membership.currentPeriodEndsAt && formatDate(membership.currentPeriodEndsAt, publication)
          }
          initial={await readRefused("pause")}
        />
      )}
      {next === "manage" && membership?.status === "TRIALING" && !membership.cancelAtPeriodEnd && (
        <p className="text-sm text-ink-soft">A pause is possible after the first charge.</p>
      )}
    </section>
  );
}

function priceLabel(
  { amountCents, currency }: { amountCents: number | null; currency: string | null },
  publication: PublicationSettings,
): string {
  return formatMoney(
    amountCents ?? publication.priceCents,
    currency ?? publication.currency,
    publication.language,
  );
}
