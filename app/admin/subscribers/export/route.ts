import { Readable } from "node:stream";
import { requireAuthor } from "@/lib/auth/viewer";
import { getDatabase } from "@/lib/db";
import { isoDate } from "@/lib/publication/format";
import { getPublication } from "@/lib/publication/queries";
import { exportSubscribers } from "@/lib/subscribers/export-csv";

/** The whole list as a file, written as it is read. */
export async function GET(): Promise<Response> {
  await requireAuthor("/admin/subscribers");
  const db = getDatabase();
  const { timeZone } = await getPublication(db);
  const lines = Readable.toWeb(Readable.from(exportSubscribers(db), { objectMode: false }));
  return new Response(lines as ReadableStream<Uint8Array>, {
    headers: {
      "Content-Type": "text/csv; charset=utf-8",
      "Content-Disposition": `attachment; filename="subscribers-${isoDate(new Date(), timeZone)}.csv"`,
      "Cache-Control": "private, no-store",
    },
  });
}
