import { z } from "zod";
import { requireAuthor } from "@/lib/auth/viewer";
import { getDatabase } from "@/lib/db";
import { previewIssueMail } from "@/lib/deliveries/issue-mail";
import { getEnv } from "@/lib/env";
import { DomainError, HTTP_STATUS } from "@/lib/errors";
import { createDiskStorage } from "@/lib/issues/images/storage";

/** One part of an issue's mail for the author's eyes, as the frame of the preview shows it. */
export async function mailPreview(
  request: Request,
  issueId: string,
  part: "html" | "text",
): Promise<Response> {
  await requireAuthor();
  const query = new URL(request.url).searchParams;
  const variant = query.get("as") === "member" ? "WHOLE" : "TEASER";
  try {
    if (!z.uuid().safeParse(issueId).success) throw new DomainError("NOT_FOUND", "This issue is gone.");
    const mail = await previewIssueMail(
      getDatabase(),
      { issueId, variant },
      { now: new Date(), images: createDiskStorage(getEnv().MEDIA_FOLDER) },
    );
    return mailPartResponse(request, mail[part], part);
  } catch (error) {
    if (!(error instanceof DomainError)) throw error;
    return new Response(error.message, { status: HTTP_STATUS[error.code] });
  }
}

/** A part of a mail without scripts, forms and frames; `?pictures=off` shows it as a reader without pictures sees it. */
export function mailPartResponse(request: Request, content: string, part: "html" | "text"): Response {
  const shown = new URL(request.url).searchParams.get("pictures") !== "off";
  const pictures = shown ? "img-src 'self' https: data:" : "img-src 'none'";
  return new Response(content, {
    headers: {
      "Content-Type": `text/${part === "html" ? "html" : "plain"}; charset=utf-8`,
      "Cache-Control": "private, no-store",
      "Content-Security-Policy": `default-src 'none'; style-src 'unsafe-inline'; ${pictures}; frame-ancestors 'self'; sandbox`,
    },
  });
}
