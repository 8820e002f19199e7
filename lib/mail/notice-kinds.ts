import { z } from "zod";

/**
 * Every kind of notice and what its template needs beside the publication's settings, which are read when it is sent.
 * Moments are ISO 8601 in UTC; labels are ready to be shown. Nothing that a stranger typed stands in here, but for a gift's
 * name and message: short, without links, and paid for. What a mail server said goes to authors alone.
 */

const httpUrl = z.string().refine((value) => /^https?:\/\//.test(value) && URL.canParse(value), {
  message: "write an absolute http(s) address",
});
const moment = z.iso.datetime();
const nothing = z.strictObject({});

const trial = z.strictObject({ firstChargeAt: moment, priceLabel: z.string().min(1), cancelUrl: httpUrl });

/** The way to go on after something free: a trial first, where the person never had one. */
const offer = z.strictObject({
  trialDays: z.number().int().nonnegative(),
  priceLabel: z.string().min(1),
  joinUrl: httpUrl,
});
const months = z.number().int().positive();

export const NOTICE_DATA = {
  confirm: z.strictObject({ confirmUrl: httpUrl }),
  "sign-in-code": z.strictObject({
    code: z.string().min(4).max(32),
    signInUrl: httpUrl,
    expiresInMinutes: z.number().int().positive(),
  }),
  "already-subscribed": nothing,
  welcome: z.strictObject({ latestIssueSlug: z.string().nullable() }),
  "trial-started": trial,
  "trial-ending": trial,
  "later-started": trial,
  "later-starting": trial,
  "payment-received": z.strictObject({
    amountLabel: z.string().min(1),
    /** What a discount took off this payment; null where none did. */
    discountLabel: z.string().min(1).nullable().default(null),
    /** What the next charge takes; null where none follows. */
    nextPriceLabel: z.string().min(1).nullable().default(null),
    periodEndsAt: moment,
    invoiceUrl: httpUrl.nullable(),
    cancelUrl: httpUrl,
  }),
  "payment-failed": z.strictObject({ amountLabel: z.string().min(1), accessEndsAt: moment, fixUrl: httpUrl }),
  "membership-cancelled": z.strictObject({ accessEndsAt: moment }),
  "membership-ended": nothing,
  "membership-paused": z.strictObject({ closesAt: moment, chargeAt: moment, priceLabel: z.string().min(1) }),
  "pause-ending": z.strictObject({ chargeAt: moment, priceLabel: z.string().min(1), cancelUrl: httpUrl }),
  "gift-receipt": z.strictObject({
    amountLabel: z.string().min(1),
    months,
    giftUrl: httpUrl,
    mailedTo: z.string().nullable(),
    receiptUrl: httpUrl.nullable(),
  }),
  "gift-received": z.strictObject({
    months,
    giftUrl: httpUrl,
    from: z.string().nullable(),
    name: z.string().max(80),
    message: z.string().max(250),
  }),
  "gift-redeemed": z.strictObject({ months, endsAt: moment }),
  "gift-ending": z.strictObject({ endsAt: moment, offer }),
  "gift-ended": z.strictObject({ offer }),
  "moment-missed": z.strictObject({ issueId: z.string().min(1), title: z.string(), dueAt: moment }),
  "slot-empty": z.strictObject({ slotAt: moment }),
  "sending-paused": z.strictObject({
    issueId: z.string().min(1),
    title: z.string(),
    pausedAt: moment,
    /** What the mail server said, without addresses. */
    words: z.string(),
  }),
  "test-issue": z.strictObject({ issueId: z.string().min(1), variant: z.enum(["WHOLE", "TEASER"]) }),
} as const;

export type NoticeKind = keyof typeof NOTICE_DATA;
export type NoticeData<Kind extends NoticeKind> = z.infer<(typeof NOTICE_DATA)[Kind]>;

/** A kind with its own data, for each kind. */
export type NoticeContent = { [Kind in NoticeKind]: { kind: Kind; data: NoticeData<Kind> } }[NoticeKind];

/** Throws a ZodError for a kind that does not exist or data that does not fit it. */
export function parseNoticeContent(kind: string, data: unknown): NoticeContent {
  return content.parse({ kind, data });
}

const content = z.discriminatedUnion("kind", [
  z.object({ kind: z.literal("confirm"), data: NOTICE_DATA.confirm }),
  z.object({ kind: z.literal("sign-in-code"), data: NOTICE_DATA["sign-in-code"] }),
  z.object({ kind: z.literal("already-subscribed"), data: NOTICE_DATA["already-subscribed"] }),
  z.object({ kind: z.literal("welcome"), data: NOTICE_DATA.welcome }),
  z.object({ kind: z.literal("trial-started"), data: NOTICE_DATA["trial-started"] }),
  z.object({ kind: z.literal("trial-ending"), data: NOTICE_DATA["trial-ending"] }),
  z.object({ kind: z.literal("later-started"), data: NOTICE_DATA["later-started"] }),
  z.object({ kind: z.literal("later-starting"), data: NOTICE_DATA["later-starting"] }),
  z.object({ kind: z.literal("payment-received"), data: NOTICE_DATA["payment-received"] }),
  z.object({ kind: z.literal("payment-failed"), data: NOTICE_DATA["payment-failed"] }),
  z.object({ kind: z.literal("membership-cancelled"), data: NOTICE_DATA["membership-cancelled"] }),
  z.object({ kind: z.literal("membership-ended"), data: NOTICE_DATA["membership-ended"] }),
  z.object({ kind: z.literal("membership-paused"), data: NOTICE_DATA["membership-paused"] }),
  z.object({ kind: z.literal("pause-ending"), data: NOTICE_DATA["pause-ending"] }),
  z.object({ kind: z.literal("gift-receipt"), data: NOTICE_DATA["gift-receipt"] }),
  z.object({ kind: z.literal("gift-received"), data: NOTICE_DATA["gift-received"] }),
  z.object({ kind: z.literal("gift-redeemed"), data: NOTICE_DATA["gift-redeemed"] }),
  z.object({ kind: z.literal("gift-ending"), data: NOTICE_DATA["gift-ending"] }),
  z.object({ kind: z.literal("gift-ended"), data: NOTICE_DATA["gift-ended"] }),
  z.object({ kind: z.literal("moment-missed"), data: NOTICE_DATA["moment-missed"] }),
  z.object({ kind: z.literal("slot-empty"), data: NOTICE_DATA["slot-empty"] }),
  z.object({ kind: z.literal("sending-paused"), data: NOTICE_DATA["sending-paused"] }),
  z.object({ kind: z.literal("test-issue"), data: NOTICE_DATA["test-issue"] }),
]) satisfies z.ZodType<NoticeContent>;
