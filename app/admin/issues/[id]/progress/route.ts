import { requireAuthor } from "@/lib/auth/viewer";
import { getDatabase } from "@/lib/db";
import { getSendingProgress } from "@/lib/deliveries/queries";
import { DomainError, HTTP_STATUS } from "@/lib/errors";

export async function GET(
  _request: Request,
  { params }: { params: Promise<{ id: string }> },
): Promise<Response> {
  await requireAuthor();
  const { id } = await params;
  const headers = { "Cache-Control": "private, no-store" };
  try {
    return Response.json(await getSendingProgress(getDatabase(), id, { now: new Date() }), { headers });
  } catch (error) {
    if (!(error instanceof DomainError)) throw error;
    return Response.json({ error: error.code }, { status: HTTP_STATUS[error.code], headers });
  }
}
