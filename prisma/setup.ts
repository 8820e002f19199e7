import type { Database } from "@/lib/db";

/** Writes the one row of settings where there is none, with words that the author will replace. Safe to run again. */
export async function ensurePublication(db: Database): Promise<boolean> {
  const { count } = await db.publication.createMany({
    data: [
      {
        id: 1,
        name: "A new publication",
        tagline: "Say in one line what this is",
        description: "Say who it is for and what a reader gets each week.",
        seriesName: "Issue",
        authorName: "The author",
        senderName: "A new publication",
        postalAddress: "Write your postal address here before you send",
      },
    ],
    skipDuplicates: true,
  });
  return count > 0;
}
