import { revalidateTag } from "next/cache";
import { z } from "zod";
import { requireSameOrigin } from "@/lib/auth/same-origin";
import { getAuthor } from "@/lib/auth/viewer";
import { getDatabase } from "@/lib/db";
import { getEnv } from "@/lib/env";
import { DomainError, HTTP_STATUS } from "@/lib/errors";
import { saveIssue } from "@/lib/issues/edit";
import type { SaveAnswer } from "../save-answer";
import { readBody } from "./read-body";

/**
 * One save of the whole page, in JSON. A handler and no server action: it outlives a new version of the desk in an open
 * tab, and tells a session that ended in words instead of leading away from what was typed.
 */
export async function POST(
  request: Request,
  { params }: { params: Promise<{ id: string }> },
): Promise<Response> {
  try {
    requireSameOrigin(request.headers, getEnv().PUBLIC_URL);
    if (!(await getAuthor())) return answer({ outcome: "signed-out" }, 401);
    const { id } = await params;
    const issueId = z.uuid("This issue is gone.").safeParse(id);
    if (!issueId.success) throw new DomainError("NOT_FOUND", "This issue is gone.");
    const body = await readBody(request);
    const saved = await saveIssue(getDatabase(), { ...body, issueId: issueId.data }, { now: new Date() });
    if (saved.isPublic) revalidateTag("issues", { expire: 0 });
    return answer({ outcome: "saved", version: saved.version, savedAt: saved.savedAt.toISOString() }, 200);
  } catch (error) {
    if (!(error instanceof DomainError)) throw error;
    const { code, message: problem, fields } = error;
    if (code === "CONFLICT")
      return answer({ outcome: "conflict", problem, version: Number(fields.version) }, 409);
    return answer({ outcome: "refused", problem, fields }, HTTP_STATUS[code]);
  }
}

function answer(body: SaveAnswer, status: number): Response {
  return Response.json(body, { status, headers: { "Cache-Control": "private, no-store" } });
}
