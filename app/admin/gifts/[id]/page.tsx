import type { Metadata } from "next";
import { notFound } from "next/navigation";
import { z } from "zod";
import { DeskPage } from "@/app/admin/_desk/desk-page";
import { DoneNotice } from "@/app/admin/_desk/done-notice";
import { oneOf } from "@/app/admin/_desk/paging";
import { requireAuthor } from "@/lib/auth/viewer";
import { getDatabase } from "@/lib/db";
import { getGift } from "@/lib/memberships/gifts/queries";
import { getPublication } from "@/lib/publication/queries";
import { GiftFacts } from "./gift-facts";
import { MailAgainForm } from "./mail-again-form";

export const instant = false;
export const metadata: Metadata = { title: "Gift" };

type Props = {
  params: Promise<{ id: string }>;
  searchParams: Promise<Record<string, string | string[] | undefined>>;
};

export default async function GiftPage({ params, searchParams }: Props) {
  const { id } = await params;
  await requireAuthor(`/admin/gifts/${encodeURIComponent(id)}`);
  if (!z.uuid().safeParse(id).success) notFound();
  const db = getDatabase();
  const [gift, publication, query] = await Promise.all([getGift(db, id), getPublication(db), searchParams]);
  if (!gift) notFound();
  return (
    <DeskPage place="members" title={`A gift of ${gift.months} months`}>
      <div className="grid grid-cols-1 gap-4">
        {oneOf(query.done) === "mailed" && <DoneNotice>The link is on its way again.</DoneNotice>}
        <div className="desk-grid">
          <GiftFacts gift={gift} publication={publication} />
          {gift.state === "waiting" && (
            <section className="desk-panel" aria-labelledby="again-title">
              <h2 id="again-title">Mail the link again</h2>
              <div className="grid gap-6">
                <MailAgainForm giftId={id} to="buyer" email={gift.buyerEmail ?? ""} />
                <MailAgainForm giftId={id} to="receiver" email={gift.receiverEmail ?? ""} />
              </div>
            </section>
          )}
        </div>
        <p>
          <a href="/admin/gifts">All gifts</a>
        </p>
      </div>
    </DeskPage>
  );
}
