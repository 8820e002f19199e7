import { alternativesOf, type Shape } from "../schema/shape";
import { type ApiError, invalid } from "./errors";
import type { FormFields, FormValue } from "./form";

/**
 * Throws Stripe's refusal for the first parameter that Stripe's schema does not know, misses, or finds malformed. What
 * this sandbox makes of the rest is for the call itself.
 */
export function checkParameters(shape: Shape, fields: FormFields): void {
  checkFields(shape, fields, "");
}

function checkFields(shape: Shape, fields: FormFields, at: string): void {
  const known = shape.properties ?? {};
  const named = (name: string) => (at === "" ? name : `${at}[${name}]`);
  for (const name of Object.keys(fields)) {
    if (Object.hasOwn(known, name)) continue;
    const param = named(name);
    throw invalid(`Received unknown parameter: ${param}`, { code: "parameter_unknown", param });
  }
  for (const name of shape.required ?? []) {
    if (fields[name] !== undefined) continue;
    const param = named(name);
    throw invalid(`Missing required param: ${param}.`, { code: "parameter_missing", param });
  }
  for (const [name, value] of Object.entries(fields)) {
    const property = known[name];
    if (property) checkValue(property, value, named(name), shape.required?.includes(name) ?? false);
  }
}

/** A value is fine when one of its alternatives takes it; else the nearest one says what is wrong. */
function checkValue(shape: Shape, value: FormValue, param: string, isRequired: boolean): void {
  const alternatives = alternativesOf(shape);
  if (typeof value === "string") {
    const refusals = alternatives.map((part) => refuseText(part, value, param));
    if (refusals.includes(null)) return;
    if (value === "") throw emptied(param);
    throw refusals.at(-1) ?? invalid(`Invalid ${param}`, { param });
  }
  const wanted = Array.isArray(value)
    ? alternatives.find((part) => part.type === "array")
    : alternatives.find((part) => part.type === "object");
  if (!wanted) throw invalid(wrongKind(alternatives, value), { param });
  if (Array.isArray(value)) {
    if (value.length === 0 && isRequired) throw emptied(param);
    for (const [index, element] of value.entries()) {
      checkValue(wanted.items ?? {}, element, `${param}[${index}]`, true);
    }
  } else if (wanted.properties) {
    checkFields(wanted, value, param);
  } else {
    for (const [key, element] of Object.entries(value)) {
      checkValue(wanted.additionalProperties ?? {}, element, `${param}[${key}]`, false);
    }
  }
}

function refuseText(shape: Shape, value: string, param: string): ApiError | null {
  switch (shape.type) {
    case "boolean":
      return value === "true" || value === "false" ? null : invalid(`Invalid boolean: ${value}`, { param });
    case "integer":
      if (/^-?\d{1,15}$/.test(value)) return null;
      return invalid(`Invalid integer: ${value}`, { code: "parameter_invalid_integer", param });
    case "number":
      return /^-?\d+(\.\d+)?$/.test(value) ? null : invalid(`Invalid decimal: ${value}`, { param });
    case "string":
      return refuseString(shape, value, param);
    case "array":
      return invalid("Invalid array", { param });
    case "object":
      return invalid("Invalid object", { param });
    default:
      return null;
  }
}

function refuseString({ enum: words, maxLength }: Shape, value: string, param: string): ApiError | null {
  if (words && !words.includes(value)) {
    return invalid(`Invalid ${param}: must be ${choice(words.filter((word) => word !== "").map(String))}`, {
      param,
    });
  }
  if (maxLength === undefined || value.length <= maxLength) return null;
  const shown = `${value.slice(0, 8)}...${value.slice(-4)}`;
  return invalid(`Invalid string: ${shown}; must be at most ${maxLength} characters`, { param });
}

function choice(words: string[]): string {
  if (words.length < 3) return words.length === 1 ? `${words[0]}` : `one of ${words.join(" or ")}`;
  return `one of ${words.slice(0, -1).join(", ")}, or ${words.at(-1)}`;
}

function wrongKind(alternatives: Shape[], value: FormValue): string {
  const kind = alternatives.find(({ type }) => type !== "null")?.type ?? "object";
  return `Invalid ${kind}: ${JSON.stringify(value).slice(0, 80)}`;
}

function emptied(param: string): ApiError {
  const message =
    `You passed an empty string for '${param}'. We assume empty values are an attempt to unset a parameter; ` +
    `however '${param}' cannot be unset. You should remove '${param}' from your request or supply a non-empty value.`;
  return invalid(message, { code: "parameter_invalid_empty", param });
}
