import { z } from "zod";

const DEFAULT_WAIT_MS = 30_000;
const LONGEST_WAIT_MS = 120_000;
const wholeNumber = z.coerce.number().int().nonnegative();
const filterFields = { to: z.string().optional(), subject: z.string().optional(), q: z.string().optional() };

/** `limit` at most 10,000 (50 unless told); `headers=true` adds every message's headers. */
export const listQuery = z.object({
  ...filterFields,
  since: wholeNumber.optional(),
  limit: wholeNumber.max(10_000).default(50),
  offset: wholeNumber.default(0),
  headers: z.stringbool().default(false),
});

/** `timeout` in milliseconds: 30,000 unless told, 120,000 at most. */
export const waitQuery = z.object({
  ...filterFields,
  after: wholeNumber.optional(),
  timeout: wholeNumber.max(LONGEST_WAIT_MS).default(DEFAULT_WAIT_MS),
});

export const previewQuery = z.object({
  images: z.enum(["on", "off"]).catch("on"),
  scheme: z.enum(["light", "dark"]).catch("light"),
});

/** A page forgives what an API refuses: what cannot be read counts as not given. */
export const listPageQuery = z.object({
  q: z.string().catch(""),
  page: wholeNumber.min(1).catch(1),
});

export const messagePageQuery = previewQuery.extend({
  view: z.enum(["html", "text", "headers", "source"]).optional().catch(undefined),
  width: z.enum(["360", "640", "full"]).catch("640"),
});

export type MessagePageQuery = z.infer<typeof messagePageQuery>;
