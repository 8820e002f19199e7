import type { NextRequest, NextResponse } from "next/server";
import { getDatabase } from "@/lib/db";
import { getEnv } from "@/lib/env";
import { DomainError } from "@/lib/errors";
import { cancelByLink } from "@/lib/memberships/cancel-by-link";
import { getStripe } from "@/lib/stripe";
import { goTo, tokenIn } from "../../unsubscribe/token-form";

/** The button of the cancel page: a plain form with a permission of its own, for people who are not signed in. */
export async function POST(request: NextRequest): Promise<NextResponse> {
  const token = await tokenIn(request);
  const services = { now: new Date(), publicUrl: getEnv().PUBLIC_URL };
  try {
    const undo = await cancelByLink(getDatabase(), getStripe(), token, services);
    return goTo(undo === null ? "/cancel" : `/cancel?undo=${undo}`);
  } catch (error) {
    if (!(error instanceof DomainError)) throw error;
    return goTo(`/cancel?token=${encodeURIComponent(token)}&again=1`);
  }
}
