import { z } from "zod";
import { getAuthor } from "@/lib/auth/viewer";
import { upcomingSlots } from "@/lib/issues/weekly-slot";
import { formatMoment } from "@/lib/publication/format";
import { publicationInput } from "@/lib/publication/schema";

const asked = z.object({
  slotWeekday: z.coerce.number<string>().pipe(publicationInput.shape.slotWeekday),
  slotTime: publicationInput.shape.slotTime,
  timeZone: publicationInput.shape.timeZone,
});
const headers = { "Cache-Control": "private, no-store" };

/** The next three moments of a slot that the author is about to choose: `{ slots }`, in words. */
export async function GET(request: Request): Promise<Response> {
  if (!(await getAuthor())) return Response.json({ slots: [] }, { status: 403, headers });
  const slot = asked.safeParse(Object.fromEntries(new URL(request.url).searchParams));
  if (!slot.success) return Response.json({ slots: [] }, { headers });
  const { timeZone } = slot.data;
  const slots = upcomingSlots(new Date(), slot.data, 3);
  return Response.json(
    { slots: slots.map((moment) => formatMoment(moment, { language: "en", timeZone })) },
    { headers },
  );
}
