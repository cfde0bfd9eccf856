/** A package schema, as `pulumi package get-schema` prints it: the parts that facts are taken from. */
import { z } from "zod";

/** A property's type. Nested ones recur, so the fields of every kind of type stand in one shape, all of them optional. */
export interface TypeSpec {
  readonly type?: string | undefined;
  /** `#/types/<token>`, or a type that every package has, such as `pulumi.json#/Archive`. */
  readonly $ref?: string | undefined;
  readonly items?: TypeSpec | undefined;
  readonly additionalProperties?: TypeSpec | undefined;
  readonly oneOf?: readonly TypeSpec[] | undefined;
}

const typeSpec: z.ZodType<TypeSpec> = z.object({
  type: z.string().optional(),
  $ref: z.string().optional(),
  get items() {
    return typeSpec.optional();
  },
  get additionalProperties() {
    return typeSpec.optional();
  },
  get oneOf() {
    return z.array(typeSpec).optional();
  },
});

const propertySpec = typeSpec.and(
  z.object({
    default: z.union([z.string(), z.number(), z.boolean()]).optional(),
    secret: z.boolean().optional(),
    willReplaceOnChanges: z.boolean().optional(),
    replaceOnChanges: z.boolean().optional(),
    deprecationMessage: z.string().optional(),
  }),
);
export type PropertySpec = z.infer<typeof propertySpec>;

const properties = z.record(z.string(), propertySpec);
const nodejs = z.object({ requiredOutputs: z.array(z.string()).optional(), compatibility: z.string().optional() });
const language = z.object({ nodejs: nodejs.optional() });

const namedType = z.object({
  type: z.string().optional(),
  properties: properties.optional(),
  required: z.array(z.string()).optional(),
  enum: z.array(z.object({ value: z.union([z.string(), z.number(), z.boolean()]) })).optional(),
  language: language.optional(),
});

const resource = z.object({
  inputProperties: properties.default({}),
  requiredInputs: z.array(z.string()).default([]),
  properties: properties.default({}),
  /** Outputs that are always there. */
  required: z.array(z.string()).default([]),
});

const packageSchema = z.object({
  name: z.string(),
  version: z.string().optional(),
  types: z.record(z.string(), namedType).default({}),
  resources: z.record(z.string(), resource).default({}),
  language: language.optional(),
});
export type PackageSchema = z.infer<typeof packageSchema>;

/** Name and version of a package, for people. */
export function labelOf({ name, version }: PackageSchema): string {
  return version === undefined ? name : `${name} ${version}`;
}

/** @throws Error for text that is no package schema, with what is missing in it */
export function parseSchema(text: string, source: string): PackageSchema {
  const parsed = packageSchema.safeParse(jsonIn(text, source));
  if (parsed.success) return parsed.data;
  const { path = [], message = "" } = parsed.error.issues[0] ?? {};
  throw new Error(
    `${source} is no package schema: ${path.join(".")}: ${message}. \`pulumi package get-schema <package>@<version>\` prints one.`,
  );
}

function jsonIn(text: string, source: string): unknown {
  try {
    return JSON.parse(text);
  } catch (error) {
    throw new Error(`${source} is no JSON: ${String(error)}`);
  }
}
