/** JSON Schemas of stack files and of their bases, for completion and checks in editors. */
import type { Shape } from "../../components/contract/shape.ts";
import { areaNames } from "../../components/environment/contract.ts";
import { shapeOfArea } from "../../infra/config/areaShape.ts";

/** A schema as written to a file. */
type Schema = Readonly<Record<string, unknown>>;

const dialect = "https://json-schema.org/draft/2020-12/schema";
const made = "Made from the schemas in infra/config by `npm run schema`; do not edit.";

/** Schema of a whole `Pulumi.<stack>.yaml`. */
export function stackFileSchema(): Schema {
  const areas = areaNames.map((name) => [`slipway:${name}`, shapeOfArea(name)] as const);
  const base = { type: "string", description: "YAML file beside this one, whose values lie under those here" };
  return {
    $schema: dialect,
    title: "Slipway stack",
    description: `Config of one stack. ${made}`,
    type: "object",
    properties: {
      config: {
        $ref: "#/$defs/config",
        // What a stack has to say may stand in its base.
        if: { not: { required: ["slipway:base"] } },
        // biome-ignore lint/suspicious/noThenProperty: a keyword of JSON Schema
        then: { required: areas.filter(([, shape]) => !("default" in shape)).map(([key]) => key) },
      },
      secretsprovider: {
        type: "string",
        description: "Where the stack's secrets are encrypted, such as awskms://alias/slipway?region=us-east-1",
      },
      encryptedkey: { type: "string" },
      encryptionsalt: { type: "string" },
    },
    required: ["config"],
    additionalProperties: false,
    $defs: {
      config: {
        type: "object",
        properties: {
          "slipway:base": { anyOf: [base, { type: "array", items: base, description: "The later lie over the earlier" }] },
          ...Object.fromEntries(areas.map(([key, shape]) => [key, orNothing(part(shape))])),
        },
        patternProperties: { "^(?!slipway:)[a-z-]+:": true },
        additionalProperties: false,
      },
    },
  };
}

/** Schema of a base. */
export function baseSchema(): Schema {
  return {
    $schema: dialect,
    title: "Base of Slipway stacks",
    description: `What several stacks share. ${made}`,
    type: "object",
    properties: { config: { $ref: "stack.schema.json#/$defs/config", propertyNames: { pattern: "^slipway:(?!base$)" } } },
    required: ["config"],
    additionalProperties: false,
  };
}

/** The shape of a value of which a file may hold a part: the rest, also of what is required, stands in the other file. A list is whole. */
function part({ required: _, oneOf, anyOf = oneOf, properties, additionalProperties, ...shape }: Shape): Schema {
  return {
    ...shape,
    ...(anyOf === undefined ? {} : { anyOf: anyOf.map(part) }),
    ...(properties === undefined
      ? {}
      : { properties: Object.fromEntries(Object.entries(properties).map(([key, below]) => [key, orNothing(part(below))])) }),
    ...(typeof additionalProperties === "object"
      ? { additionalProperties: orNothing(part(additionalProperties)) }
      : additionalProperties === undefined
        ? {}
        : { additionalProperties }),
  };
}

/** The same value, or null, which takes away the base's; what is a secret as the engine encrypts it. */
function orNothing({ secret, ...shape }: Schema): Schema {
  if (secret === true)
    return { ...shape, type: ["string", "object", "null"], required: ["secure"], additionalProperties: { type: "string" } };
  const { type, anyOf, description } = shape;
  if (Array.isArray(anyOf)) return { ...shape, anyOf: [...anyOf, { type: "null" }] };
  if (typeof type === "string" && shape.const === undefined && shape.enum === undefined) return { ...shape, type: [type, "null"] };
  return { ...(description === undefined ? {} : { description }), anyOf: [shape, { type: "null" }] };
}
