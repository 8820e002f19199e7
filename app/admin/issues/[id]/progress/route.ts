import { z } from "zod";
import { getAuthor } from "@/lib/auth/viewer";
import { databaseNow, getDatabase } from "@/lib/db";
import { getSendingProgress } from "@/lib/deliveries/queries";
import { DomainError, HTTP_STATUS } from "@/lib/errors";

export async function GET(
  _request: Request,
  { params }: { params: Promise<{ id: string }> },
): Promise<Response> {
  const headers = { "Cache-Control": "private, no-store" };
  if (!(await getAuthor())) return Response.json({ error: "SIGNED_OUT" }, { status: 401, headers });
  const { id } = await params;
  if (!z.uuid().safeParse(id).success) return Response.json({ error: "NOT_FOUND" }, { status: 404, headers });
  try {
    const db = getDatabase();
    return Response.json(await getSendingProgress(db, id, { now: await databaseNow(db) }), { headers });
  } catch (error) {
    if (!(error instanceof DomainError)) throw error;
    return Response.json({ error: error.code }, { status: HTTP_STATUS[error.code], headers });
  }
}
