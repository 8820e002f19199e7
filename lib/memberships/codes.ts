/**
 * Discount codes: Stripe's promotion codes, each with a coupon of its own. Stripe keeps them, counts their uses and takes
 * them off; here they are made, listed and switched. A code is only ever typed on Stripe's own page. What somebody has by a
 * code stays theirs when it is switched off.
 */
import { createHash } from "node:crypto";
import Stripe from "stripe";
import { DomainError } from "@/lib/errors";
import { log } from "@/lib/log";
import type { NewCode } from "./code-input";
import { isMissing } from "./customer";

const DURATIONS = ["once", "repeating", "forever"] as const;

export type CodeState = "active" | "off" | "used-up" | "expired";

export type DiscountCode = {
  id: string;
  code: string;
  state: CodeState;
  /** One of the two is there. */
  percentOff: number | null;
  amountOff: { amountCents: number; currency: string } | null;
  duration: (typeof DURATIONS)[number];
  months: number | null;
  uses: number;
  maxUses: number | null;
  /** The first moment at which it no longer holds. */
  expiresAt: Date | null;
};

/** Every code of the account, also those made at Stripe: the checkout takes them all. The newest come first. */
export async function listCodes(stripe: Stripe, { now }: { now: Date }): Promise<DiscountCode[]> {
  const codes = await stripe.promotionCodes
    .list({ limit: 100, expand: ["data.promotion.coupon"] })
    .autoPagingToArray({ limit: 1_000 });
  return codes.flatMap((code) => asCode(code, now) ?? []);
}

function asCode(code: Stripe.PromotionCode, now: Date): DiscountCode | null {
  const { coupon } = code.promotion;
  if (coupon === null || typeof coupon === "string") return null;
  const { percent_off, amount_off, currency, duration, duration_in_months } = coupon;
  const ends = [code.expires_at, coupon.redeem_by].filter((end) => end !== null);
  const expiresAt = ends.length === 0 ? null : new Date(Math.min(...ends) * 1_000);
  return {
    id: code.id,
    code: code.code,
    state: stateOf(code, coupon, { expiresAt, now }),
    percentOff: percent_off,
    amountOff: amount_off !== null && currency ? { amountCents: amount_off, currency } : null,
    duration: DURATIONS.find((known) => known === duration) ?? "once",
    months: duration_in_months,
    uses: code.times_redeemed,
    maxUses: code.max_redemptions ?? coupon.max_redemptions,
    expiresAt,
  };
}

function stateOf(
  code: Stripe.PromotionCode,
  coupon: Stripe.Coupon,
  { expiresAt, now }: { expiresAt: Date | null; now: Date },
): CodeState {
  if (expiresAt !== null && expiresAt <= now) return "expired";
  const isUsedUp =
    (code.max_redemptions ?? Infinity) <= code.times_redeemed ||
    (coupon.max_redemptions ?? Infinity) <= coupon.times_redeemed;
  if (isUsedUp) return "used-up";
  return code.active && coupon.valid ? "active" : "off";
}

/**
 * Answers the code as people type it. `nonce` stands for one filling in of the form: the same twice makes one code. Throws
 * INVALID where an active code has the same letters.
 */
export async function makeCode(stripe: Stripe, wanted: NewCode, nonce: string): Promise<string> {
  const active = await stripe.promotionCodes.list({
    code: wanted.code,
    active: true,
    limit: 1,
    expand: ["data.promotion.coupon"],
  });
  const [known] = active.data;
  if (known) {
    const { coupon } = known.promotion;
    if (coupon && typeof coupon !== "string" && coupon.metadata?.nonce === nonce) return known.code;
    throw taken();
  }
  const key = `code:${createHash("sha256")
    .update(JSON.stringify([nonce, wanted]))
    .digest("base64url")}`;
  const coupon = await stripe.coupons.create(
    {
      ...(wanted.percentOff === null
        ? { amount_off: wanted.amountOff.amountCents, currency: wanted.amountOff.currency }
        : { percent_off: wanted.percentOff }),
      duration: wanted.duration,
      ...(wanted.months !== null && { duration_in_months: wanted.months }),
      name: wanted.code,
      metadata: { masthead: "code", nonce },
    },
    { idempotencyKey: `${key}:coupon` },
  );
  try {
    const { code } = await stripe.promotionCodes.create(
      {
        promotion: { type: "coupon", coupon: coupon.id },
        code: wanted.code,
        ...(wanted.maxUses !== null && { max_redemptions: wanted.maxUses }),
        ...(wanted.expiresAt !== null && { expires_at: Math.floor(wanted.expiresAt.getTime() / 1_000) }),
      },
      { idempotencyKey: `${key}:code` },
    );
    log.info({ event: "memberships.code-made", couponId: coupon.id });
    return code;
  } catch (error) {
    if (!(error instanceof Stripe.errors.StripeInvalidRequestError)) throw error;
    throw refusedBy(error);
  }
}

/** Throws NOT_FOUND for a code that is none, CONFLICT where Stripe lets nobody use it any more. May run twice. */
export async function switchCode(stripe: Stripe, id: string, active: boolean): Promise<string> {
  try {
    const { code } = await stripe.promotionCodes.update(id, { active });
    log.info({ event: "memberships.code-switched", promotionCodeId: id, active });
    return code;
  } catch (error) {
    if (isMissing(error))
      throw new DomainError("NOT_FOUND", "Stripe does not know this code any more.", { cause: error });
    if (!(error instanceof Stripe.errors.StripeInvalidRequestError)) throw error;
    throw new DomainError(
      "CONFLICT",
      "Stripe does not take this code up again: it is used up or expired, or another active code has the same letters.",
      { cause: error },
    );
  }
}

/** Stripe's search for a code may miss one in other capitals, which its own rule does not. */
function refusedBy(error: InstanceType<typeof Stripe.errors.StripeInvalidRequestError>): DomainError {
  if (error.param === "code" || error.code === "resource_already_exists") return taken(error);
  const message = `Stripe says: ${error.message}`;
  return new DomainError("INVALID", message, { cause: error, fields: { value: message } });
}

function taken(cause?: unknown): DomainError {
  const message = "An active code has these letters already.";
  return new DomainError("INVALID", message, { cause, fields: { code: message } });
}
