import { expect, test } from "vitest";
import { CALLS, OBJECTS } from "./calls";
import { withLimits } from "./merge";
import { readCallTypes, readObjectType } from "./package-types";
import type { Shape } from "./shape";
import { stripeSchema } from "./stripe-schema";

/** Without what only the OpenAPI file tells. */
function withoutLimits(value: unknown): unknown {
  if (Array.isArray(value)) return value.map(withoutLimits);
  if (value === "number") return "integer";
  if (typeof value !== "object" || value === null) return value;
  const entries = Object.entries(value).filter(([key]) => key !== "maxLength");
  return Object.fromEntries(entries.map(([key, part]) => [key, withoutLimits(part)]));
}

test("the parameters of every call are those of the installed package's types", () => {
  for (const [call, [file, resource, method]] of Object.entries(CALLS)) {
    const { parameters } = readCallTypes(file, resource, method);
    expect(withoutLimits(stripeSchema.calls[call]?.parameters), call).toEqual(withoutLimits(parameters));
  }
});

test("every object has the required fields of the installed package's types", () => {
  for (const [key, name] of Object.entries(OBJECTS)) {
    expect(stripeSchema.objects[name]?.required, name).toEqual(readObjectType(key).required);
  }
});

test("limits come from the older schema, fields from the newer one", () => {
  const newer: Shape = {
    type: "object",
    properties: {
      name: { type: "string" },
      rate: { anyOf: [{ type: "integer" }, { type: "null" }] },
      fresh: { type: "boolean" },
      inner: { type: "array", items: { type: "object", properties: { note: { type: "string" } } } },
    },
    required: ["name"],
  };
  const older: Shape = {
    type: "object",
    properties: {
      name: { type: "string", maxLength: 40 },
      rate: { type: "number" },
      gone: { type: "string" },
      inner: { type: "array", items: { $ref: "inner" } },
    },
  };
  const follow = (shape: Shape): Shape =>
    shape.$ref ? { type: "object", properties: { note: { type: "string", maxLength: 9 } } } : shape;
  expect(withLimits(newer, older, follow)).toEqual({
    type: "object",
    properties: {
      name: { type: "string", maxLength: 40 },
      rate: { anyOf: [{ type: "number" }, { type: "null" }] },
      fresh: { type: "boolean" },
      inner: {
        type: "array",
        items: { type: "object", properties: { note: { type: "string", maxLength: 9 } } },
      },
    },
    required: ["name"],
  });
});
