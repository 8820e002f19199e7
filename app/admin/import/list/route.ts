import { z } from "zod";
import { getDatabase } from "@/lib/db";
import { DomainError } from "@/lib/errors";
import { openListedGuests } from "@/lib/memberships/move-in-guests";
import { announceChange } from "@/lib/publication/announce-change";
import { importSubscribers } from "@/lib/subscribers/import-csv";
import { answerImport, uploaded } from "../answer-import";

const query = z.strictObject({
  confirmed: z.enum(["yes", "no"]).default("no"),
  source: z.string().max(200, "Keep it under 200 characters.").default(""),
});

/** A list of subscribers in CSV; the file is the body of the request, read as it comes. */
export async function POST(request: Request): Promise<Response> {
  return answerImport(request, async (say) => {
    const asked = query.safeParse(Object.fromEntries(new URL(request.url).searchParams));
    if (!asked.success) throw new DomainError("INVALID", asked.error.issues[0]?.message ?? "Try it again.");
    const size = Number(request.headers.get("content-length")) || Number.POSITIVE_INFINITY;
    let read = 0;
    const file = uploaded(request, (bytes) => {
      read = bytes;
    });
    const [db, now] = [getDatabase(), new Date()];
    const report = await importSubscribers(db, file, {
      now,
      confirmed: asked.data.confirmed === "yes",
      source: asked.data.source,
      onProgress: (rows) =>
        say({ share: Math.min(1, read / size), words: `${rows.toLocaleString("en")} lines` }),
    });
    const guests = await openListedGuests(db, { now });
    await announceChange(["publication"]);
    return { list: { ...report, guests } };
  });
}
