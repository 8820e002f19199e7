import { type NextRequest, NextResponse } from "next/server";
import { getEnv } from "@/lib/env";

const MAX_BODY = 4 * 1_024;

/** The form's token; empty, which no token is, for anything that is not such a form. */
export async function tokenIn(request: NextRequest): Promise<string> {
  if (Number(request.headers.get("content-length") ?? 0) > MAX_BODY) return "";
  try {
    const token = (await request.formData()).get("token");
    return typeof token === "string" ? token : "";
  } catch {
    return "";
  }
}

export function goTo(path: string): NextResponse {
  return NextResponse.redirect(new URL(path, getEnv().PUBLIC_URL), 303);
}
