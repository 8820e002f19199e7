import type { z } from "zod";
import type { Sandbox } from "../sandbox";
import type { FormFields } from "./form";
import { readParameters } from "./parameters";

export type Method = "GET" | "POST" | "DELETE";

export interface Route {
  method: Method;
  /** As `/v1/customers/:customer`; at most one part is an id. */
  path: string;
  run(sandbox: Sandbox, fields: FormFields, id: string): object;
}

/** One call: its parameters, and what it does with them. `run` changes nothing before it has checked everything. */
export function route<S extends z.ZodType>(
  method: Method,
  path: string,
  parameters: S,
  run: (sandbox: Sandbox, given: z.output<S>, id: string) => object,
): Route {
  return {
    method,
    path,
    run: (sandbox, fields, id) => run(sandbox, readParameters(parameters, fields), id),
  };
}
