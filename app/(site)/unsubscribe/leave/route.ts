import type { NextRequest, NextResponse } from "next/server";
import { getDatabase } from "@/lib/db";
import { unsubscribeByToken } from "@/lib/subscribers/unsubscribe";
import { goTo, tokenIn } from "../token-form";

/**
 * The button of the unsubscribe page. A plain form with a permission of its own, so that nobody who wants to leave is
 * refused for a header that a mail program or a privacy setting keeps back.
 */
export async function POST(request: NextRequest): Promise<NextResponse> {
  const farewell = await unsubscribeByToken(getDatabase(), await tokenIn(request), { now: new Date() });
  return goTo(farewell ? `/unsubscribe?undo=${farewell.undoToken}` : "/unsubscribe");
}
