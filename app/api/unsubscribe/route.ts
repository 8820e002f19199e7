import { type NextRequest, NextResponse } from "next/server";
import { getDatabase } from "@/lib/db";
import { getEnv } from "@/lib/env";
import { unsubscribeByToken } from "@/lib/subscribers/unsubscribe";

const MAX_BODY = 1_024;

/**
 * One-click unsubscribe by a mail provider (RFC 8058): no cookie, no login, no redirect. The body must be exactly
 * `List-Unsubscribe=One-Click`, so that nothing else that posts here ends anybody's mail.
 */
export async function POST(request: NextRequest): Promise<NextResponse> {
  if (!(await saysOneClick(request))) return answer("The request must say List-Unsubscribe=One-Click.", 400);
  const token = request.nextUrl.searchParams.get("token") ?? "";
  const farewell = await unsubscribeByToken(getDatabase(), token, { now: new Date() });
  return farewell ? answer("Unsubscribed.", 200) : answer("This link belongs to nobody.", 404);
}

/** A person who opens the address, or a scanner: they get the page with a button, and nothing has changed. */
export function GET(request: NextRequest): NextResponse {
  const target = new URL("/unsubscribe", getEnv().PUBLIC_URL);
  const token = request.nextUrl.searchParams.get("token");
  if (token) target.searchParams.set("token", token);
  return NextResponse.redirect(target, 303);
}

async function saysOneClick(request: NextRequest): Promise<boolean> {
  if (Number(request.headers.get("content-length") ?? 0) > MAX_BODY) return false;
  const type = request.headers.get("content-type") ?? "";
  if (!/^(application\/x-www-form-urlencoded|multipart\/form-data)\b/i.test(type)) return false;
  try {
    const fields = [...(await request.formData())];
    return fields.length === 1 && fields[0]?.[0] === "List-Unsubscribe" && fields[0][1] === "One-Click";
  } catch {
    return false;
  }
}

function answer(text: string, status: number): NextResponse {
  return new NextResponse(`${text}\n`, {
    status,
    headers: { "Content-Type": "text/plain; charset=utf-8", "Cache-Control": "private, no-store" },
  });
}
