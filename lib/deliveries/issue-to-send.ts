/** What a worker needs of an issue to write each reader's copy: the frozen mail, encoded once, and its headers. */
import type { Database } from "@/lib/db";
import { getEnv } from "@/lib/env";
import { issueHeaders } from "@/lib/mail/headers";
import { fillMessage, type PreparedMessage, prepareBody, prepareMessage } from "@/lib/mail/mime";
import { getPublication, type PublicationSettings } from "@/lib/publication/queries";
import { unsubscribeUrls } from "@/lib/subscribers/unsubscribe";
import type { MailVariant } from "@/prisma/generated/enums";
import type { Claim } from "./claim";
import { frozenSenderOf, frozenSenderSchema } from "./prepare";

export type IssueToSend = {
  publication: PublicationSettings;
  mails: ReadonlyMap<MailVariant, PreparedMessage>;
};

/** Throws where the issue was not prepared. */
export async function loadIssue(db: Database, issueId: string): Promise<IssueToSend> {
  const issue = await db.issue.findUniqueOrThrow({
    where: { id: issueId },
    include: { frozenMails: true },
  });
  const date = issue.audienceFrozenAt;
  if (!date) throw new Error(`Issue ${issueId} has no audience, and yet it is to be sent.`);
  const publication = await getPublication(db);
  const { PUBLIC_URL: publicUrl, MAIL_FROM } = getEnv();
  return {
    publication,
    mails: new Map(
      issue.frozenMails.map(({ variant, subject, html, text, sender }) => {
        const { senderName, replyTo, publicationName } =
          sender === null ? frozenSenderOf(publication) : frozenSenderSchema.parse(sender);
        return [
          variant,
          prepareMessage(
            (values) =>
              issueHeaders({
                issueId,
                sender: { name: senderName, address: MAIL_FROM, replyTo },
                subject,
                date,
                publicationName,
                publicUrl,
                ...values,
              }),
            prepareBody({ html, text, seed: `${issueId}.${variant}` }),
          ),
        ];
      }),
    ),
  };
}

const KEPT = 3;

/** Loads each issue once and keeps the last few: their text is the largest thing that a worker holds. */
export function createIssueShelf(db: Database): (issueId: string) => Promise<IssueToSend> {
  const shelf = new Map<string, Promise<IssueToSend>>();
  return (issueId) => {
    const known = shelf.get(issueId);
    if (known) return known;
    const loading = loadIssue(db, issueId);
    shelf.set(issueId, loading);
    loading.catch(() => shelf.delete(issueId));
    const [oldest] = shelf.keys();
    if (shelf.size > KEPT && oldest) shelf.delete(oldest);
    return loading;
  };
}

export type Copy = Pick<Claim, "issueId" | "subscriberId" | "email" | "messageId" | "variant" | "statusLine">;

/** One reader's copy, the same bytes at every attempt. Throws where something in it cannot be written. */
export function writeIssueMail(issue: IssueToSend, claim: Copy): Buffer {
  const { PUBLIC_URL: publicUrl } = getEnv();
  const mail = issue.mails.get(claim.variant);
  if (!mail) throw new Error(`The ${claim.variant} mail of issue ${claim.issueId} was not frozen.`);
  return fillMessage(mail, {
    to: claim.email,
    messageId: claim.messageId,
    ...unsubscribeUrls(claim.subscriberId, { publicUrl }),
    statusLine: claim.statusLine,
  });
}
