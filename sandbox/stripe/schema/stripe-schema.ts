import { readFileSync } from "node:fs";
import type { CallSchema, StripeSchema } from "./shape";

const file = new URL("stripe.schema.json", import.meta.url);

/** Stripe's schema for the calls that the sandbox offers, as `cut.ts` wrote it down. */
export const stripeSchema: StripeSchema & { version: string } = JSON.parse(readFileSync(file, "utf8"));

/** By method and path, such as `POST /v1/customers/:customer`. Throws for a call that was not cut out. */
export function schemaOf(method: string, path: string): CallSchema {
  const call = `${method} ${path.replace(/:\w+/g, ":id")}`;
  const found = stripeSchema.calls[call];
  if (!found) throw new Error(`The schema lacks ${call}. Add it to schema/calls.ts and cut it out again.`);
  return found;
}
