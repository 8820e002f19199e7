import type { Metadata } from "next";
import { ButtonLink } from "@/app/_components/button";
import { Notice } from "@/app/_components/notice";
import { answerInWords, copyInWords, stateInWords } from "@/app/admin/_desk/delivery-states";
import { DeskPage } from "@/app/admin/_desk/desk-page";
import { requireReceived } from "@/app/admin/_desk/received";
import { PreviewFrame } from "@/app/admin/issues/[id]/preview/preview-frame";
import { getDatabase } from "@/lib/db";
import { listCutIssues, variantHeld } from "@/lib/deliveries/free-part";
import type { ReceivedMail } from "@/lib/deliveries/received-mail";
import { formatMoment } from "@/lib/publication/format";
import { getPublication } from "@/lib/publication/queries";

export const instant = false;
export const metadata: Metadata = { title: "As received" };

const PROOF: Record<ReceivedMail["proof"], string> = {
  exact: "These are the very bytes that went to the mail server.",
  changed:
    "Not the very bytes: the reader’s address, the sender’s address or the signing key changed since. The words are the same.",
  "not-kept":
    "Sent before such copies were kept: the words are the same, the line about the membership is missing.",
};

type Props = { params: Promise<{ id: string; deliveryId: string }> };

export default async function ReceivedPage({ params }: Props) {
  const given = await params;
  const mail = await requireReceived(given);
  const db = getDatabase();
  const [publication, cut] = await Promise.all([getPublication(db), listCutIssues(db, [mail.issueId])]);
  const answer = answerInWords(mail, publication);
  const here = `/admin/issues/${given.id}/received/${given.deliveryId}`;
  return (
    <DeskPage
      place="issues"
      title={`As ${mail.email} received it`}
      actions={
        <>
          <ButtonLink tone="quiet" href={`/admin/issues/${given.id}`}>
            The issue
          </ButtonLink>
          <ButtonLink tone="quiet" href={`/admin/subscribers/${mail.subscriberId}`}>
            The reader
          </ButtonLink>
          <ButtonLink href={`${here}/source`}>Source</ButtonLink>
        </>
      }
    >
      <div className="grid grid-cols-1 gap-4">
        <Notice tone={mail.proof === "exact" ? "success" : "info"}>{PROOF[mail.proof]}</Notice>
        <dl className="desk-facts">
          <div>
            <dt>State</dt>
            <dd>
              {stateInWords(mail.state)}
              {mail.sentAt && `, ${formatMoment(mail.sentAt, publication)}`}
            </dd>
          </div>
          <div>
            <dt>Got</dt>
            <dd>{copyInWords(variantHeld(mail.variant, cut.has(mail.issueId)))}</dd>
          </div>
          {answer && (
            <div>
              <dt>Last answer</dt>
              <dd>{answer}</dd>
            </div>
          )}
        </dl>
        <PreviewFrame source={`${here}/html?`} title="The mail" place="mail" />
      </div>
    </DeskPage>
  );
}
