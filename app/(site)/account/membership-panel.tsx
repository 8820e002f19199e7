import { ButtonLink } from "@/app/_components/button";
import type { Reader } from "@/lib/auth/viewer";
import { opensPaidIssues } from "@/lib/memberships/access";
import { loadPublication, loadPublicationFacts } from "../public-data";

/** What the reader pays, and the way to change it. */
export async function MembershipPanel({ reader }: { reader: Reader }) {
  const [publication, facts] = await Promise.all([loadPublication(), loadPublicationFacts()]);
  const isMember = opensPaidIssues(reader.membership, {
    now: new Date(),
    graceDays: publication.graceDays,
  });
  return (
    <section aria-labelledby="membership-title" className="grid gap-3">
      <h2 id="membership-title" className="text-lg font-semibold">
        Membership
      </h2>
      <p>
        {isMember
          ? "You are a member: every issue and the whole archive are open to you."
          : `You read what is free. Members read everything for ${facts.price}.`}
      </p>
      {!isMember && (
        <div>
          <ButtonLink href="/join">Become a member</ButtonLink>
        </div>
      )}
    </section>
  );
}
