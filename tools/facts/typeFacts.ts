/** What a package schema says of a resource type, as facts of the sandbox. Pure. */
import type { PropertyFacts, TypeFacts } from "../../sandbox/facts/facts.ts";
import { labelOf, type PackageSchema, type PropertySpec, type TypeSpec } from "./schema.ts";

type Fields = Record<string, PropertyFacts>;
/** The facts of a type by themselves, without what the schema says of one property of it. */
type Shape = Pick<PropertyFacts, "type"> & Partial<PropertyFacts>;

const plainTypes: Readonly<Record<string, PropertyFacts["type"]>> = {
  boolean: "bool",
  integer: "int",
  number: "number",
  string: "string",
};

/**
 * Facts of a resource type. A schema does not tell a set from a list, nor what validators, conflicts and ranges the provider has: see
 * the extra facts.
 * @throws Error for a type that the schema does not have
 */
export function typeFacts(schema: PackageSchema, token: string): TypeFacts {
  const resource = schema.resources[token];
  if (resource === undefined) throw new Error(`the schema of ${labelOf(schema)} has no resource type ${token}`);
  const reader = new Reader(schema);
  const names = [...new Set([...Object.keys(resource.inputProperties), ...Object.keys(resource.properties)])].sort();
  const properties: Fields = {};
  for (const name of names) {
    const input = resource.inputProperties[name];
    const spec = input ?? resource.properties[name] ?? {};
    const required = resource.requiredInputs.includes(name);
    // An output that is always there, though nobody has to give it, is one that the provider works out. Kubernetes says nothing so.
    const computed = input === undefined || (reader.isBridged && !required && resource.required.includes(name));
    const { secret = input?.secret } = resource.properties[name] ?? {};
    properties[name] = reader.property({ ...spec, secret }, { required, optional: !required && input !== undefined, computed }, []);
  }
  return { properties };
}

interface Presence {
  readonly required: boolean;
  readonly optional: boolean;
  readonly computed: boolean;
}

class Reader {
  readonly #schema: PackageSchema;
  /** Made by the Terraform bridge: an object stands for a list of at most one block. */
  readonly isBridged: boolean;

  constructor(schema: PackageSchema) {
    this.#schema = schema;
    this.isBridged = schema.language?.nodejs?.compatibility?.startsWith("tfbridge") === true;
  }

  /** @param within tokens of the types that the property is nested in: types that nest in themselves are cut */
  property(spec: PropertySpec, { required, optional, computed }: Presence, within: readonly string[]): PropertyFacts {
    return {
      ...(computed ? { computed } : {}),
      ...(spec.default === undefined ? {} : { default: spec.default }),
      ...(spec.deprecationMessage === undefined ? {} : { deprecated: withoutMarks(spec.deprecationMessage) }),
      ...(optional ? { optional } : {}),
      ...(spec.willReplaceOnChanges || spec.replaceOnChanges ? { replaces: true } : {}),
      ...(required ? { required } : {}),
      ...(spec.secret ? { secret: true } : {}),
      ...this.#shape(spec, within),
    };
  }

  #shape(spec: TypeSpec, within: readonly string[]): Shape {
    if (spec.$ref !== undefined) return this.#named(spec.$ref, within, spec.type);
    if (spec.oneOf !== undefined) return { type: typeOfChoice(spec.oneOf) };
    if (spec.type === "array") return this.#collection("list", spec.items, within);
    if (spec.type === "object") return this.#collection("map", spec.additionalProperties, within);
    return { type: plainType(spec.type) };
  }

  #collection(type: "list" | "map", element: TypeSpec | undefined, within: readonly string[]): Shape {
    const { fields, type: elem, ...rest } = this.#shape(element ?? { type: "string" }, within);
    if (fields !== undefined && rest.shape === "object") return { type: `block-${type}`, shape: type, fields };
    return { type, elem };
  }

  /** @param otherwise what the property is where the schema does not tell the type: a name for text, such as an ARN */
  #named(reference: string, within: readonly string[], otherwise?: string): Shape {
    if (/^pulumi\.json#\/(Archive|Asset)$/.test(reference)) return { type: "archive" };
    const token = decodeURIComponent(reference.replace("#/types/", ""));
    const named = this.#schema.types[token];
    if (named?.enum !== undefined) {
      const choices = named.enum.map(({ value }) => value).filter((value) => typeof value !== "boolean");
      return { type: plainType(named.type), enum: choices };
    }
    if (named?.properties === undefined) return { type: plainType(otherwise) };
    if (within.includes(token)) return { type: "any" };
    const fields: Fields = {};
    for (const [name, spec] of Object.entries(named.properties).sort(([a], [b]) => (a < b ? -1 : 1))) {
      const required = named.required?.includes(name) === true;
      const computed = this.isBridged && !required && named.language?.nodejs?.requiredOutputs?.includes(name) === true;
      fields[name] = this.property(spec, { required, optional: !required, computed }, [...within, token]);
    }
    return this.isBridged
      ? { type: "block-list", shape: "object", maxItems: 1, fields }
      : { type: "block-single", shape: "object", fields };
  }
}

function plainType(name = ""): PropertyFacts["type"] {
  return plainTypes[name] ?? "any";
}

/** An open enumeration is text or one of its names; other choices may be anything. */
function typeOfChoice(choices: readonly TypeSpec[]): PropertyFacts["type"] {
  const isText =
    choices.some(({ type }) => type === "string") && choices.every(({ type, $ref }) => type === "string" || $ref !== undefined);
  return isText ? "string" : "any";
}

/** Names in descriptions are marked up for each language's own spelling; the first is that of Node.js. */
function withoutMarks(text: string): string {
  return text
    .replaceAll(/<span [^>]*>([^<]*)<\/span>/g, "$1")
    .replaceAll(/\s+/g, " ")
    .trim();
}
