import { alternativesOf, oneOf, type Shape } from "./shape";

/**
 * `newer`, with the limits (lengths, fractions) that only `older` knows. What `older` alone has is gone from Stripe, what
 * `newer` alone has came later. `follow` finds the shape that a reference of `older` names.
 */
export function withLimits(newer: Shape, older: Shape | undefined, follow: (shape: Shape) => Shape): Shape {
  if (older === undefined || newer.$ref !== undefined) return newer;
  const former = alternativesOf(follow(older)).map(follow);
  const limited = alternativesOf(newer).map((shape) => {
    const counterpart = former.find(({ type }) => sortOf(type) === sortOf(shape.type));
    return counterpart ? limit(shape, counterpart, follow) : shape;
  });
  return oneOf(limited);
}

function sortOf(type: Shape["type"]): Shape["type"] {
  return type === "integer" ? "number" : type;
}

function limit(shape: Shape, former: Shape, follow: (shape: Shape) => Shape): Shape {
  if (shape.type === "string") {
    const { maxLength } = former;
    return shape.enum || maxLength === undefined ? shape : { ...shape, maxLength };
  }
  if (shape.type === "integer" && former.type === "number") return { ...shape, type: "number" };
  if (shape.items) return { ...shape, items: withLimits(shape.items, former.items, follow) };
  if (shape.additionalProperties) {
    const values = withLimits(shape.additionalProperties, former.additionalProperties, follow);
    return { ...shape, additionalProperties: values };
  }
  if (!shape.properties) return shape;
  const properties = Object.entries(shape.properties).map(([name, property]) => [
    name,
    withLimits(property, former.properties?.[name], follow),
  ]);
  return { ...shape, properties: Object.fromEntries(properties) };
}

/** Without the optional properties that `isDropped` names, at any depth. */
export function prune(shape: Shape, isDropped: (name: string) => boolean): Shape {
  const inner = (part: Shape) => prune(part, isDropped);
  const { properties, items, anyOf, additionalProperties, ...rest } = shape;
  const kept = Object.entries(properties ?? {}).filter(
    ([name]) => shape.required?.includes(name) || !isDropped(name),
  );
  return {
    ...rest,
    ...(properties && { properties: Object.fromEntries(kept.map(([name, part]) => [name, inner(part)])) }),
    ...(items && { items: inner(items) }),
    ...(anyOf && { anyOf: anyOf.map(inner) }),
    ...(additionalProperties && { additionalProperties: inner(additionalProperties) }),
  };
}
