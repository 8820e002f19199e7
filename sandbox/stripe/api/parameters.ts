import { z } from "zod";
import { type ApiError, invalid } from "./errors";
import type { FormFields } from "./form";

/** What form fields are made of. Each reads text, which Stripe's schema has let pass, and refuses what goes further. */

export const text = z.string("must be text").max(5_000, "is longer than 5000 characters");
/** Required text: an empty one is refused, as Stripe refuses it. */
export const filled = text.min(1, "empty");

export const integer = z.string("parameter_invalid_integer").transform((value, context) => {
  if (/^-?\d{1,15}$/.test(value)) return Number(value);
  context.addIssue({ code: "custom", message: "parameter_invalid_integer" });
  return z.NEVER;
});

export const decimal = z
  .string()
  .regex(/^-?\d{1,12}(\.\d+)?$/, "must be a number")
  .transform(Number);

export function integerBetween(low: number, high: number) {
  return integer.refine((value) => value >= low && value <= high, {
    message: `must be between ${low} and ${high}`,
  });
}

export const truth = z
  .enum(["true", "false"], "must be true or false")
  .transform((value) => value === "true");

export const webAddress = z.string().refine((value) => /^[a-z][a-z0-9+.-]*:\/\/\S+$/i.test(value), {
  message: "url_invalid",
});

export const email = z.string().regex(/^[^\s@]+@[^\s@]+$/, "email_invalid");

/** At most 50 keys of 40 characters with values of 500: https://docs.stripe.com/api/metadata. "" removes all. */
export const metadata = z
  .union([
    z.literal(""),
    z.record(
      z.string().max(40, "has a key longer than 40 characters"),
      z.string("must be text").max(500, "is longer than 500 characters"),
    ),
  ])
  .refine((value) => Object.keys(value).length <= 50, { message: "has more than 50 keys" });

type MetadataInput = z.output<typeof metadata> | undefined;

/** `current` with the given keys changed; an empty value removes its key, an empty parameter removes all. */
export function mergeMetadata(current: Record<string, string>, given: MetadataInput): Record<string, string> {
  if (given === undefined) return current;
  if (given === "") return {};
  const entries = Object.entries({ ...current, ...given });
  return Object.fromEntries(entries.filter(([, value]) => value !== ""));
}

/** Text that can be taken away again by sending it empty. */
export function orNull(value: string | undefined, current: string | null = null): string | null {
  if (value === undefined) return current;
  return value === "" ? null : value;
}

export const range = z.union([
  integer,
  z.strictObject({
    gt: integer.optional(),
    gte: integer.optional(),
    lt: integer.optional(),
    lte: integer.optional(),
  }),
]);

export function isWithin(value: number, given: z.output<typeof range> | undefined): boolean {
  if (given === undefined) return true;
  if (typeof given === "number") return value === given;
  const { gt = -Infinity, gte = -Infinity, lt = Infinity, lte = Infinity } = given;
  return value > gt && value >= gte && value < lt && value <= lte;
}

/** Reads `fields` by `schema`; the first thing that is wrong becomes Stripe's error. */
export function readParameters<S extends z.ZodType>(schema: S, fields: FormFields): z.output<S> {
  const result = schema.safeParse(fields);
  if (result.success) return result.data;
  throw refusal(mostTelling(result.error.issues), fields);
}

function mostTelling(issues: z.core.$ZodIssue[]): z.core.$ZodIssue | undefined {
  return issues.find((issue) => issue.code === "unrecognized_keys") ?? issues[0];
}

function refusal(issue: z.core.$ZodIssue | undefined, fields: FormFields): ApiError {
  if (issue === undefined) return invalid("The parameters are not valid.");
  if (issue.code === "unrecognized_keys") {
    const param = bracketed([...issue.path, issue.keys[0] ?? ""]);
    return invalid(`This sandbox does not offer the parameter ${param}, which Stripe knows.`, { param });
  }
  const param = bracketed(issue.path);
  if (valueAt(fields, issue.path) === undefined) {
    return invalid(`Missing required param: ${param}.`, { code: "parameter_missing", param });
  }
  if (issue.message === "empty") {
    const message = `You passed an empty string for '${param}'. Leave it out or give it a value.`;
    return invalid(message, { code: "parameter_invalid_empty", param });
  }
  if (issue.message === "parameter_invalid_integer") {
    return invalid(`Invalid integer: ${valueAt(fields, issue.path)}`, { code: issue.message, param });
  }
  if (issue.message === "url_invalid") {
    return invalid("Not a valid URL: an explicit scheme such as https must be given.", {
      code: issue.message,
      param,
    });
  }
  if (issue.message === "email_invalid")
    return invalid("Invalid email address.", { code: issue.message, param });
  return invalid(`Invalid ${param}: ${issue.message}`, { param });
}

function bracketed(path: PropertyKey[]): string {
  return path.map((part, depth) => (depth === 0 ? String(part) : `[${String(part)}]`)).join("");
}

function valueAt(fields: FormFields, path: PropertyKey[]): unknown {
  let node: unknown = fields;
  for (const part of path) {
    if (typeof node !== "object" || node === null) return undefined;
    node = new Map(Object.entries(node)).get(String(part));
  }
  return node;
}
