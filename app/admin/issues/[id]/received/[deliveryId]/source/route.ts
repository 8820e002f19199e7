import { requireReceived } from "@/app/admin/_desk/received";

/** The message as it is: headers, both parts, encoded. */
export async function GET(
  _request: Request,
  { params }: { params: Promise<{ id: string; deliveryId: string }> },
): Promise<Response> {
  const mail = await requireReceived(await params);
  return new Response(new Uint8Array(mail.message), {
    headers: {
      "Content-Type": "text/plain; charset=us-ascii",
      "Cache-Control": "private, no-store",
      "Content-Security-Policy": "default-src 'none'; sandbox",
    },
  });
}
