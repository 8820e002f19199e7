import { ButtonLink } from "@/app/_components/button";
import { PortalForm } from "@/app/(site)/join/join-forms";
import type { Reader } from "@/lib/auth/viewer";
import { getDatabase } from "@/lib/db";
import { membershipInWords } from "@/lib/memberships/format";
import { getMembership } from "@/lib/memberships/queries";
import { readRefused } from "../_forms/answer-form";
import { loadPublication } from "../public-data";

/** What the reader has, what they pay and when, and the way to change it. */
export async function MembershipPanel({ reader }: { reader: Reader }) {
  const [publication, membership, refused] = await Promise.all([
    loadPublication(),
    getMembership(getDatabase(), reader.subscriberId),
    readRefused("portal"),
  ]);
  const { title, detail, next } = membershipInWords(membership, publication, new Date());
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
      {next === "fix" && <PortalForm label="Update my card" tone="primary" initial={refused} />}
      {next === "manage" && <PortalForm label="Card, invoices, cancel" initial={refused} />}
    </section>
  );
}
