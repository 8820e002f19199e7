/**
 * An issue's mail as one kind of reader gets it, published or not: what is frozen when sending begins, what a test
 * shows, and what the author previews. Reads only, but keeps pictures of formulas in the image storage. The caller
 * makes sure that an author asks, or that the issue is to be sent.
 */
import type { Database } from "@/lib/db";
import { getEnv } from "@/lib/env";
import { prepareArtwork, type SavePicture } from "@/lib/issues/document/artwork";
import { type ImageStorage, imageName, imagePath } from "@/lib/issues/images/storage";
import { previewIssue } from "@/lib/issues/preview";
import { type ComposedMail, composeIssue } from "@/lib/mail/compose";
import { escapeHtml, fillSlots } from "@/lib/mail/personalise";
import type { MailVariant } from "@/prisma/generated/enums";

/** Throws NOT_FOUND. `html` and `text` hold slots. */
export async function composeVariant(
  db: Database,
  request: { issueId: string; variant: MailVariant },
  { now, images }: { now: Date; images: ImageStorage },
): Promise<ComposedMail> {
  const { issueId, variant } = request;
  const [words, reading] = await Promise.all([
    db.issue.findUniqueOrThrow({ where: { id: issueId }, select: { subject: true, preheader: true } }),
    previewIssue(db, { issueId, as: variant === "WHOLE" ? "member" : "subscriber" }, { now }),
  ]);
  const { snippets, publication } = reading.context.issue;
  const artwork = await prepareArtwork([reading.document, ...snippets.values()], {
    savePicture: pictureKeeper(images, publication.publicUrl),
  });
  return composeIssue({ ...reading, ...words, context: { ...reading.context, artwork } });
}

/** The mail as the author may look at it: slots filled with words that stand for any reader's. Throws NOT_FOUND. */
export async function previewIssueMail(
  db: Database,
  request: { issueId: string; variant: MailVariant },
  services: { now: Date; images: ImageStorage },
): Promise<ComposedMail> {
  const mail = await composeVariant(db, request, services);
  const values = {
    unsubscribeUrl: `${getEnv().PUBLIC_URL}/unsubscribe`,
    statusLine: "Here stands what the reader has: free, on trial until a day, or a member.",
  };
  return {
    subject: mail.subject,
    html: fillSlots(mail.html, values, escapeHtml),
    text: fillSlots(mail.text, values, (value) => value),
  };
}

function pictureKeeper(images: ImageStorage, publicUrl: string): SavePicture {
  return async (_name, png) => {
    const name = imageName(png, "png");
    await images.save(name, png);
    return `${publicUrl}${imagePath(name)}`;
  };
}
