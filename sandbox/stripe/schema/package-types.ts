import { readFileSync } from "node:fs";
import { dirname, join, relative, resolve } from "node:path";
import {
  type Class,
  type Directive,
  parseSync,
  type Statement,
  type TSInterfaceDeclaration,
  type TSSignature,
  type TSType,
  type TSTypeAliasDeclaration,
  type TSTypeName,
} from "oxc-parser";
import { OBJECTS } from "./calls";
import { alternativesOf, oneOf, type Shape } from "./shape";

const RESOURCES = resolve("node_modules/stripe/esm/resources");
/** Numbers that may have a fraction; all others of Stripe's are whole. */
const FRACTIONS = /percent|^percentage$|rate$/;

type Declared = TSInterfaceDeclaration | TSTypeAliasDeclaration | Class;

interface SourceFile {
  path: string;
  /** By qualified name, such as `Coupon.AppliesTo`. An interface may be declared in parts. */
  declarations: Map<string, Declared[]>;
  imports: Map<string, { path: string; name: string }>;
}

/** Where a name is looked up: a file, and the namespace that it stands in. */
interface Place {
  file: SourceFile;
  namespace: string[];
}

const files = new Map<string, SourceFile>();

function readSource(path: string): SourceFile {
  const known = files.get(path);
  if (known) return known;
  const file: SourceFile = { path, declarations: new Map(), imports: new Map() };
  files.set(path, file);
  collect(parseSync(path, readFileSync(path, "utf8")).program.body, [], file);
  return file;
}

function collect(statements: (Statement | Directive)[], namespace: string[], file: SourceFile): void {
  for (const outer of statements) {
    if (outer.type === "ImportDeclaration") {
      const path = join(dirname(file.path), outer.source.value.replace(/\.js$/, ".d.ts"));
      for (const specifier of outer.specifiers) {
        if (specifier.type !== "ImportSpecifier" || specifier.imported.type !== "Identifier") continue;
        file.imports.set(specifier.local.name, { path, name: specifier.imported.name });
      }
      continue;
    }
    const statement = outer.type === "ExportNamedDeclaration" ? (outer.declaration ?? outer) : outer;
    if (statement.type === "TSModuleDeclaration" && statement.id.type === "Identifier") {
      const { id, body } = statement;
      if (body?.type === "TSModuleBlock") collect(body.body, [...namespace, id.name], file);
    }
    const declares =
      statement.type === "TSInterfaceDeclaration" ||
      statement.type === "TSTypeAliasDeclaration" ||
      statement.type === "ClassDeclaration";
    if (!declares || !statement.id) continue;
    const name = [...namespace, statement.id.name].join(".");
    file.declarations.set(name, [...(file.declarations.get(name) ?? []), statement]);
  }
}

const DICTIONARY: Shape = { type: "object", additionalProperties: { type: "string" } };

/** What the package's types say about a call: its parameters, and its answer. */
export function readCallTypes(module: string, resource: string, method: string) {
  const file = readSource(join(RESOURCES, `${module}.d.ts`));
  const [declaration] = file.declarations.get(resource) ?? [];
  if (declaration?.type !== "ClassDeclaration") throw new Error(`There is no ${resource} in ${file.path}.`);
  const place: Place = { file, namespace: [] };
  // An overloaded method names its parameters in the first signature.
  for (const member of declaration.body.body) {
    if (member.type !== "MethodDefinition" || !("name" in member.key) || member.key.name !== method) continue;
    const parameters = member.value.params
      .map((parameter) => ("typeAnnotation" in parameter ? parameter.typeAnnotation?.typeAnnotation : null))
      .find((type) => type?.type === "TSTypeReference" && nameOf(type.typeName).endsWith("Params"));
    const answer = member.value.returnType?.typeAnnotation;
    if (!answer) break;
    return {
      parameters: parameters ? shapeOf(parameters, place) : { type: "object" as const, properties: {} },
      answer: shapeOf(answer, place),
    };
  }
  throw new Error(`${resource} has no method ${method}.`);
}

/** What the package's types say about a kind of object, by its key in OBJECTS. */
export function readObjectType(key: string): Shape {
  const [module = "", name = ""] = key.split("#");
  const file = readSource(join(RESOURCES, `${module}.d.ts`));
  const type = key === "Events#Event" ? "EventBase" : name;
  return declaredShape(file.declarations.get(type) ?? [], { file, namespace: [type] });
}

function shapeOf(type: TSType, place: Place, property = ""): Shape {
  switch (type.type) {
    case "TSStringKeyword":
      return { type: "string" };
    case "TSNumberKeyword":
      return { type: FRACTIONS.test(property) ? "number" : "integer" };
    case "TSBooleanKeyword":
      return { type: "boolean" };
    case "TSNullKeyword":
      return { type: "null" };
    case "TSLiteralType":
      return literalShape("value" in type.literal ? type.literal.value : null);
    case "TSArrayType":
      return { type: "array", items: shapeOf(type.elementType, place, property) };
    case "TSTypeLiteral":
      return membersShape(type.members, place);
    case "TSUnionType":
      return union(type.types.map((part) => shapeOf(part, place, property)));
    case "TSTypeReference":
      return referenceShape(nameOf(type.typeName), type.typeArguments?.params ?? [], place, property);
    default:
      return {};
  }
}

function literalShape(value: unknown): Shape {
  if (typeof value === "string") return { type: "string", enum: [value] };
  if (typeof value === "boolean") return { type: "boolean", enum: [value] };
  if (typeof value === "number") return { type: "integer", enum: [value] };
  return {};
}

/** `{}` is a kind of object that the sandbox does not keep: it never stands where an id may stand. */
function union(parts: Shape[]): Shape {
  const all = parts.flatMap(alternativesOf).filter((part) => Object.keys(part).length > 0);
  const words = all.filter((part) => part.type === "string" && part.enum);
  const others = all.filter((part) => !(part.type === "string" && part.enum));
  if (words.length > 0) others.unshift({ type: "string", enum: words.flatMap((word) => word.enum ?? []) });
  const distinct = new Map(others.map((part) => [JSON.stringify(part), part]));
  return oneOf([...distinct.values()]);
}

function referenceShape(name: string, given: TSType[], place: Place, property: string): Shape {
  const [first] = given;
  const inner = () => (first ? shapeOf(first, place, property) : {});
  if (name === "Array") return { type: "array", items: inner() };
  if (name === "Promise" || name === "Response") return inner();
  if (name === "Emptyable") return union([inner(), { type: "string", enum: [""] }]);
  if (name === "Metadata" || name === "MetadataParam") return DICTIONARY;
  if (name === "Decimal") return { type: "string" };
  if (name === "OtherString") return {};
  if (name === "ApiList" || name === "ApiListPromise") return listShape(inner());
  return resolveName(name.split("."), place);
}

function listShape(items: Shape): Shape {
  return {
    type: "object",
    properties: {
      object: { type: "string", enum: ["list"] },
      data: { type: "array", items },
      has_more: { type: "boolean" },
      url: { type: "string" },
    },
    required: ["object", "data", "has_more", "url"],
  };
}

function resolveName(parts: string[], { file, namespace }: Place): Shape {
  for (let depth = namespace.length; depth >= 0; depth -= 1) {
    const scope = [...namespace.slice(0, depth), ...parts];
    const found = file.declarations.get(scope.join("."));
    if (!found) continue;
    const key = `${relative(RESOURCES, file.path).replace(/\.d\.ts$/, "")}#${scope.join(".")}`;
    const object = OBJECTS[key];
    if (object !== undefined) return { $ref: `#/objects/${object}` };
    return found.some(isObjectType) ? {} : declaredShape(found, { file, namespace: scope });
  }
  const from = file.imports.get(parts[0] ?? "");
  if (!from || parts.length > 1) return {};
  return resolveName([from.name], { file: readSource(from.path), namespace: [] });
}

/** Whether a type is one of Stripe's kinds of object, which name themselves in `object`. */
function isObjectType(declaration: Declared): boolean {
  if (declaration.type !== "TSInterfaceDeclaration") return false;
  return declaration.body.body.some(
    (member) =>
      member.type === "TSPropertySignature" &&
      "name" in member.key &&
      member.key.name === "object" &&
      member.typeAnnotation?.typeAnnotation.type === "TSLiteralType",
  );
}

function declaredShape(declarations: Declared[], place: Place): Shape {
  const parts = declarations.map((declaration): Shape => {
    if (declaration.type === "TSTypeAliasDeclaration") return shapeOf(declaration.typeAnnotation, place);
    if (declaration.type !== "TSInterfaceDeclaration") return {};
    const own = membersShape(declaration.body.body, place);
    return declaration.extends.reduce((shape, { expression }) => {
      const base = expression.type === "Identifier" ? resolveName([expression.name], place) : {};
      return together(base, shape);
    }, own);
  });
  return parts.reduce(together);
}

function together(first: Shape, second: Shape): Shape {
  if (!first.properties || !second.properties) return second;
  const required = [...new Set([...(first.required ?? []), ...(second.required ?? [])])];
  return {
    ...second,
    properties: { ...first.properties, ...second.properties },
    ...(required.length > 0 ? { required } : {}),
  };
}

function membersShape(members: TSSignature[], place: Place): Shape {
  const properties: Record<string, Shape> = {};
  const required: string[] = [];
  for (const member of members) {
    if (member.type === "TSIndexSignature") {
      return { type: "object", additionalProperties: shapeOf(member.typeAnnotation.typeAnnotation, place) };
    }
    if (member.type !== "TSPropertySignature") continue;
    const name = "name" in member.key ? member.key.name : "value" in member.key ? member.key.value : null;
    const type = member.typeAnnotation?.typeAnnotation;
    if (typeof name !== "string" || !type || type.type === "TSVoidKeyword") continue;
    properties[name] = shapeOf(type, place, name);
    if (!member.optional) required.push(name);
  }
  return { type: "object", properties, ...(required.length > 0 ? { required } : {}) };
}

function nameOf(name: TSTypeName): string {
  if (name.type === "Identifier") return name.name;
  return name.type === "TSQualifiedName" ? `${nameOf(name.left)}.${name.right.name}` : "";
}
