import { mailPartResponse } from "@/app/admin/_desk/mail-preview";
import { requireReceived } from "@/app/admin/_desk/received";

export async function GET(
  request: Request,
  { params }: { params: Promise<{ id: string; deliveryId: string }> },
): Promise<Response> {
  const mail = await requireReceived(await params);
  return mailPartResponse(request, mail.html, "html");
}
