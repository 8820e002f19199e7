import type { NextRequest, NextResponse } from "next/server";
import { getDatabase } from "@/lib/db";
import { getEnv } from "@/lib/env";
import { DomainError } from "@/lib/errors";
import { keepByLink } from "@/lib/memberships/cancel-by-link";
import { getStripe } from "@/lib/stripe";
import { goTo, tokenIn } from "../../unsubscribe/token-form";

/** Takes the cancellation back; the token in the form is the permission, for a day. */
export async function POST(request: NextRequest): Promise<NextResponse> {
  const token = await tokenIn(request);
  const services = { now: new Date(), publicUrl: getEnv().PUBLIC_URL };
  const back = `/cancel?undo=${encodeURIComponent(token)}`;
  try {
    await keepByLink(getDatabase(), getStripe(), token, services);
    return goTo(back);
  } catch (error) {
    if (!(error instanceof DomainError)) throw error;
    return goTo(`${back}&again=1`);
  }
}
