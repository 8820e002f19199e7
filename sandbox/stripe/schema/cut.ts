import { readFileSync, writeFileSync } from "node:fs";
import { z } from "zod";
import { API_VERSION } from "../api-version";
import { CALLS, OBJECTS } from "./calls";
import { prune, withLimits } from "./merge";
import { readCallTypes, readObjectType } from "./package-types";
import { alternativesOf, type CallSchema, type Shape, type StripeSchema } from "./shape";

/*
 * Writes stripe.schema.json: the calls of calls.ts and the objects that they reach, cut from Stripe's published OpenAPI
 * file and brought to the API version that the installed `stripe` package speaks. The package's types say which fields
 * there are in that version; the OpenAPI file, which may be older, adds the limits that types cannot tell.
 *
 *   npx tsx sandbox/stripe/schema/cut.ts <openapi.json>
 */

const shape: z.ZodType<Shape> = z.lazy(() => z.looseObject({})) as z.ZodType<Shape>;
const content = z.object({ content: z.record(z.string(), z.object({ schema: shape })) });
const openApi = z.object({
  paths: z.record(
    z.string(),
    z.record(
      z.string(),
      z.object({
        parameters: z.array(z.object({ in: z.string(), name: z.string(), schema: shape })).optional(),
        requestBody: content.optional(),
      }),
    ),
  ),
  components: z.object({ schemas: z.record(z.string(), shape) }),
});
type OpenApi = z.output<typeof openApi>;

function formerParameters(document: OpenApi, call: string): Shape | undefined {
  const [method = "", wanted = ""] = call.split(" ");
  const path = Object.keys(document.paths).find((known) => known.replace(/\{\w+\}/, ":id") === wanted);
  const operation = path === undefined ? undefined : document.paths[path]?.[method.toLowerCase()];
  const query = operation?.parameters?.filter((parameter) => parameter.in === "query") ?? [];
  const body = operation?.requestBody?.content["application/x-www-form-urlencoded"]?.schema;
  const properties = {
    ...Object.fromEntries(query.map(({ name, schema }) => [name, schema])),
    ...body?.properties,
  };
  return operation && { type: "object", properties };
}

function cut(document: OpenApi): StripeSchema {
  const { schemas } = document.components;
  const follow = (part: Shape) =>
    part.$ref === undefined ? part : (schemas[part.$ref.split("/").at(-1) ?? ""] ?? part);
  // The sandbox knows cards alone; what Stripe says about forty other ways of paying is left out of its answers.
  const kinds = readObjectType("PaymentMethods#PaymentMethod").properties?.type;
  const others = new Set(kinds && alternativesOf(kinds).flatMap((part) => part.enum ?? []));
  others.delete("card");
  const objects = Object.entries(OBJECTS).map(([key, name]): [string, Shape] => [
    name,
    withLimits(
      prune(readObjectType(key), (property) => others.has(property)),
      schemas[name],
      follow,
    ),
  ]);
  const calls = Object.entries(CALLS).map(([call, [file, resource, method]]): [string, CallSchema] => {
    const { parameters, answer } = readCallTypes(file, resource, method);
    return [call, { parameters: withLimits(parameters, formerParameters(document, call), follow), answer }];
  });
  return { calls: Object.fromEntries(calls), objects: Object.fromEntries(objects) };
}

const WIDTH = 160;

/** JSON with what fits on a line on one line. */
function print(value: unknown, indent = ""): string {
  const line = JSON.stringify(value);
  if (typeof value !== "object" || value === null || indent.length + line.length <= WIDTH) return line;
  const deeper = `${indent}  `;
  if (Array.isArray(value))
    return `[\n${deeper}${fill(
      value.map((part) => print(part, deeper)),
      deeper,
    )}\n${indent}]`;
  const entries = Object.entries(value).map(([key, part]) => `${deeper}"${key}": ${print(part, deeper)}`);
  return `{\n${entries.join(",\n")}\n${indent}}`;
}

/** Short parts side by side, as many as fit. */
function fill(parts: string[], indent: string): string {
  const lines: string[] = [];
  for (const part of parts) {
    const last = lines.at(-1);
    if (last === undefined || indent.length + last.length + part.length > WIDTH) lines.push(part);
    else lines[lines.length - 1] = `${last}, ${part}`;
  }
  return lines.join(`,\n${indent}`);
}

const [source] = process.argv.slice(2);
if (source === undefined) throw new Error("Name Stripe's OpenAPI file.");
const schema = cut(openApi.parse(JSON.parse(readFileSync(source, "utf8"))));
const target = new URL("stripe.schema.json", import.meta.url);
writeFileSync(target, `${print({ version: API_VERSION, ...schema })}\n`);
