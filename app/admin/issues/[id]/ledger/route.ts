import { Readable } from "node:stream";
import { z } from "zod";
import { DELIVERY_STATES } from "@/app/admin/_desk/delivery-states";
import { requireAuthor } from "@/lib/auth/viewer";
import { getDatabase } from "@/lib/db";
import { exportLedger, findLedger } from "@/lib/deliveries/export-ledger";

/** A state that there is none of means every state, as on the page. */
const query = z.object({
  q: z.string().max(200).catch(""),
  state: z.enum(DELIVERY_STATES).optional().catch(undefined),
});

/** The ledger of an issue as a file, written as it is read. */
export async function GET(
  request: Request,
  { params }: { params: Promise<{ id: string }> },
): Promise<Response> {
  const { id } = await params;
  await requireAuthor(`/admin/issues/${encodeURIComponent(id)}`);
  const db = getDatabase();
  const ledger = z.uuid().safeParse(id).success ? await findLedger(db, id) : null;
  if (!ledger) return new Response("This issue has no ledger.", { status: 404 });
  const { q: search, state } = query.parse(Object.fromEntries(new URL(request.url).searchParams));
  const lines = exportLedger(db, { issueId: id, search, ...(state && { state }) });
  return new Response(
    Readable.toWeb(Readable.from(lines, { objectMode: false })) as ReadableStream<Uint8Array>,
    {
      headers: {
        "Content-Type": "text/csv; charset=utf-8",
        "Content-Disposition": `attachment; filename="ledger-${ledger.slug}.csv"`,
        "Cache-Control": "private, no-store",
      },
    },
  );
}
