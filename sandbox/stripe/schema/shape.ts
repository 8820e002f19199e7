/** JSON Schema, as far as Stripe's schema needs it. */
export interface Shape {
  type?: "string" | "integer" | "number" | "boolean" | "object" | "array" | "null";
  enum?: (string | number | boolean)[];
  maxLength?: number;
  properties?: Record<string, Shape>;
  required?: string[];
  additionalProperties?: Shape;
  items?: Shape;
  anyOf?: Shape[];
  /** `#/objects/customer` */
  $ref?: string;
}

/** One call of Stripe's API: what may be sent with it, and what comes back. */
export interface CallSchema {
  parameters: Shape;
  answer: Shape;
}

/** The part of Stripe's schema that this sandbox answers by; calls by `POST /v1/customers/:id`. */
export interface StripeSchema {
  calls: Record<string, CallSchema>;
  objects: Record<string, Shape>;
}

/** What a value may be, one by one. */
export function alternativesOf(shape: Shape): Shape[] {
  return shape.anyOf ?? [shape];
}

/** One of several; a single one stands for itself. */
export function oneOf(alternatives: Shape[]): Shape {
  const [first] = alternatives;
  if (first === undefined) return { type: "null" };
  return alternatives.length === 1 ? first : { anyOf: alternatives };
}
