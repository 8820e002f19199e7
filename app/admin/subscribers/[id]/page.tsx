import type { Metadata } from "next";
import { notFound } from "next/navigation";
import { cache } from "react";
import { z } from "zod";
import { DeskPage } from "@/app/admin/_desk/desk-page";
import { DoneNotice } from "@/app/admin/_desk/done-notice";
import { titleForAuthors } from "@/app/admin/_desk/page-title";
import { oneOf } from "@/app/admin/_desk/paging";
import { requireAuthor } from "@/lib/auth/viewer";
import { getDatabase } from "@/lib/db";
import { getPublication } from "@/lib/publication/queries";
import { getSubscriber } from "@/lib/subscribers/queries";
import { BouncePart } from "./bounce-part";
import { MailedPart } from "./mailed-part";
import { MembershipPart } from "./membership-part";
import { PersonFacts } from "./person-facts";
import { PersonSteps } from "./person-steps";
import { TimelinePart } from "./timeline-part";
import { UndoForm } from "./undo-form";

export const instant = false;

/** Asked once a request, for the page and for its title. */
const findPerson = cache(async (id: string) =>
  z.uuid().safeParse(id).success ? getSubscriber(getDatabase(), id) : null,
);

export async function generateMetadata({ params }: Pick<Props, "params">): Promise<Metadata> {
  return titleForAuthors("Subscriber", async () => (await findPerson((await params).id))?.email);
}

const DONE: Readonly<Record<string, string>> = {
  unsubscribed: "Unsubscribed. No more mail goes to this address.",
  back: "Back on the list, as before.",
  suppressed: "The address is closed: nothing is mailed to it any more, whoever asks.",
  opened:
    "The address is open again, and what came back before counts no more. The person is unsubscribed and may sign up anew.",
  comp: "Everything is open to this person now.",
  "comp-ended": "The free membership has ended.",
};

type Props = {
  params: Promise<{ id: string }>;
  searchParams: Promise<Record<string, string | string[] | undefined>>;
};

export default async function SubscriberPage({ params, searchParams }: Props) {
  const { id } = await params;
  await requireAuthor(`/admin/subscribers/${encodeURIComponent(id)}`);
  const [subscriber, publication, query] = await Promise.all([
    findPerson(id),
    getPublication(getDatabase()),
    searchParams,
  ]);
  if (!subscriber) notFound();
  const done = DONE[oneOf(query.done)];
  return (
    <DeskPage place="subscribers" title={subscriber.email}>
      <div className="grid grid-cols-1 gap-4">
        {done && <DoneNotice>{done}</DoneNotice>}
        <UndoForm subscriberId={id} token={oneOf(query.undo)} />
        <div className="desk-grid">
          <PersonFacts subscriber={subscriber} publication={publication} />
          <MembershipPart subscriber={subscriber} publication={publication} />
          <PersonSteps subscriber={subscriber} />
        </div>
        <MailedPart subscriberId={id} page={Number(oneOf(query.mailed)) || 1} publication={publication} />
        <BouncePart subscriberId={id} publication={publication} />
        <TimelinePart subscriberId={id} page={Number(oneOf(query.page)) || 1} publication={publication} />
      </div>
    </DeskPage>
  );
}
