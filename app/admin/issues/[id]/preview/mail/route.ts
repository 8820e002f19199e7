import { mailPreview } from "@/app/admin/_desk/mail-preview";

export async function GET(
  request: Request,
  { params }: { params: Promise<{ id: string }> },
): Promise<Response> {
  return mailPreview(request, (await params).id, "html");
}
