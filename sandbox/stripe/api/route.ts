import type { z } from "zod";
import type { Sandbox } from "../sandbox";
import { schemaOf } from "../schema/stripe-schema";
import { checkParameters } from "./check-parameters";
import type { FormFields } from "./form";
import { readParameters } from "./parameters";

export type Method = "GET" | "POST" | "DELETE";

export interface Route {
  method: Method;
  /** As `/v1/customers/:customer`; at most one part is an id. */
  path: string;
  run(sandbox: Sandbox, fields: FormFields, id: string): object;
}

/**
 * One call: its parameters, and what it does with them. They are held against Stripe's own schema first, so that what
 * Stripe would refuse is refused in its words; `parameters` is the part of it that this sandbox offers. `run` changes
 * nothing before it has checked everything. Throws when the call is not in the schema.
 */
export function route<S extends z.ZodType>(
  method: Method,
  path: string,
  parameters: S,
  run: (sandbox: Sandbox, given: z.output<S>, id: string) => object,
): Route {
  const schema = schemaOf(method, path);
  return {
    method,
    path,
    run: (sandbox, fields, id) => {
      checkParameters(schema.parameters, fields);
      return run(sandbox, readParameters(parameters, fields), id);
    },
  };
}
