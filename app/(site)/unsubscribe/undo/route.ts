import type { NextRequest, NextResponse } from "next/server";
import { getDatabase } from "@/lib/db";
import { resubscribe } from "@/lib/subscribers/unsubscribe";
import { goTo, tokenIn } from "../token-form";

/** The button of the farewell page; the token in the form is the permission, for a day. */
export async function POST(request: NextRequest): Promise<NextResponse> {
  const token = await tokenIn(request);
  await resubscribe(getDatabase(), token, { now: new Date() });
  return goTo(`/unsubscribe?undo=${encodeURIComponent(token)}`);
}
