import { revalidateTag } from "next/cache";
import { getEnv } from "@/lib/env";
import { readChange } from "@/lib/publication/announce-change";

const NO_STORE = { "Cache-Control": "no-store" };

/** Drops stored public pages by tag. For the worker and the operator's command, which sign what they ask for. */
export async function POST(request: Request): Promise<Response> {
  const body = (await request.text()).slice(0, 20_000);
  const tags = readChange(body, request.headers.get("x-signature"), {
    secret: getEnv().AUTH_SECRET,
    now: new Date(),
  });
  if (!tags) return Response.json({ error: "FORBIDDEN" }, { status: 403, headers: NO_STORE });
  for (const tag of tags) revalidateTag(tag, { expire: 0 });
  return Response.json({ tags }, { headers: NO_STORE });
}
