import { requireReader } from "@/lib/auth/viewer";
import { getDatabase } from "@/lib/db";
import { exportPerson } from "@/lib/subscribers/export-person";

/** The signed-in reader's own data as a file. */
export async function GET(): Promise<Response> {
  const reader = await requireReader();
  const person = await exportPerson(getDatabase(), reader.subscriberId, { now: new Date() });
  return new Response(`${JSON.stringify(person, null, 2)}\n`, {
    headers: {
      "Content-Type": "application/json; charset=utf-8",
      "Content-Disposition": 'attachment; filename="my-data.json"',
      "Cache-Control": "private, no-store",
    },
  });
}
