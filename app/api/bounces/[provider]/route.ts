import { answerBounces } from "@/app/api/bounces/answer-bounces";
import { getDatabase } from "@/lib/db";
import { fetchCertificate } from "@/lib/deliveries/bounces/webhooks/fetch-certificate";
import { getEnv } from "@/lib/env";

export async function POST(
  request: Request,
  { params }: { params: Promise<{ provider: string }> },
): Promise<Response> {
  const { provider } = await params;
  return answerBounces(request, provider.slice(0, 20), {
    db: getDatabase(),
    secrets: getEnv(),
    fetchCertificate,
    now: new Date(),
  });
}
