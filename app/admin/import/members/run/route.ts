import { z } from "zod";
import { getDatabase } from "@/lib/db";
import { getEnv } from "@/lib/env";
import { DomainError } from "@/lib/errors";
import { askStripePatiently } from "@/lib/memberships/ask-stripe";
import { moveIn } from "@/lib/memberships/move-in";
import { acceptProposals } from "@/lib/memberships/move-in-decide";
import { announceChange } from "@/lib/publication/announce-change";
import { getStripe } from "@/lib/stripe";
import { answerImport } from "../../answer-import";

const query = z.strictObject({
  /** Stands for the proposals that the author saw and says yes to; without it Stripe is only looked at. */
  yes: z.string().max(64).optional(),
});

/** Looks for everybody at Stripe, or moves all that were proposed, and says how far it is. */
export async function POST(request: Request): Promise<Response> {
  return answerImport(request, async (say) => {
    const asked = query.safeParse(Object.fromEntries(new URL(request.url).searchParams));
    if (!asked.success) throw new DomainError("INVALID", "Load this page again, then try once more.");
    const services = {
      now: new Date(),
      publicUrl: getEnv().PUBLIC_URL,
      onProgress: (done: number, of: number) => say({ share: done / of, words: `${done} of ${of} moved` }),
    };
    const { yes } = asked.data;
    const [db, stripe] = [getDatabase(), getStripe()];
    const moves = await askStripePatiently(async () =>
      yes === undefined
        ? moveIn(db, stripe, services)
        : { comped: 0, gifted: 0, ...(await acceptProposals(db, stripe, yes, services)) },
    );
    await announceChange(["publication"]);
    return { moves };
  });
}
