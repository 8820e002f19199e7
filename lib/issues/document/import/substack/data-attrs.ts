import { z } from "zod";
import { attributeLine } from "../inlines";
import type { Element } from "./dom";

/** What Substack's editor knows about a block, from its `data-attrs`. */
export type DataAttributes = Readonly<Record<string, unknown>>;

const record = z.record(z.string(), z.unknown());

function parsed(source: string): unknown {
  try {
    return JSON.parse(source);
  } catch {
    // Broken attributes are common in old exports; the caller goes by the element's own content then.
    return null;
  }
}

/**
 * Reads the JSON in `data-attrs`. Some exports encode it twice: as a JSON string that holds JSON, or with its quotes
 * still written as `&quot;`. Empty where there is nothing readable.
 */
export function dataAttributes(element: Element): DataAttributes {
  const source = element.attribs["data-attrs"] ?? "";
  let value = parsed(source) ?? parsed(source.replaceAll("&quot;", '"').replaceAll("&amp;", "&"));
  for (let round = 0; typeof value === "string" && round < 3; round += 1) value = parsed(value);
  const result = record.safeParse(value);
  return result.success ? result.data : {};
}

/** A list of records below a key, such as `bylines` or `photos`. */
export function recordsIn(attributes: DataAttributes, key: string): DataAttributes[] {
  const result = z.array(record).safeParse(attributes[key]);
  return result.success ? result.data : [];
}

export function recordIn(attributes: DataAttributes, key: string): DataAttributes {
  const result = record.safeParse(attributes[key]);
  return result.success ? result.data : {};
}

/** The first of these keys that holds words, as one line. */
export function lineIn(attributes: DataAttributes, keys: readonly string[], limit?: number): string | null {
  for (const key of keys) {
    const line = attributeLine(attributes[key], limit);
    if (line) return line;
  }
  return null;
}

/** A whole positive number of pixels, or null. */
export function pixelsIn(attributes: DataAttributes, key: string): number | null {
  const pixels = Math.round(Number(attributes[key] ?? Number.NaN));
  return pixels > 0 && pixels <= 20_000 ? pixels : null;
}
