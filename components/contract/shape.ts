/** A contract as people see it: what a place in it may hold, and a value that would do. */
import { z } from "./zod.ts";

/** The part of JSON Schema that zod emits for contracts. */
export interface Shape {
  readonly type?: string;
  readonly description?: string;
  readonly properties?: Readonly<Record<string, Shape>>;
  readonly required?: readonly string[];
  readonly additionalProperties?: Shape | false;
  readonly items?: Shape;
  readonly anyOf?: readonly Shape[];
  readonly oneOf?: readonly Shape[];
  readonly enum?: readonly (string | number | boolean)[];
  readonly const?: string | number | boolean;
  readonly minimum?: number;
  readonly maximum?: number;
  readonly minItems?: number;
  readonly maxItems?: number;
  readonly default?: unknown;
  readonly examples?: readonly unknown[];
  /** A person has to choose: an example put there by a command would do harm. */
  readonly choose?: boolean;
  /** The value is encrypted in the stack file. */
  readonly secret?: boolean;
}

/** JSON Schema of a contract, as its values are written. */
export function shapeOf(contract: z.ZodType): Shape {
  return z.toJSONSchema(contract, { io: "input", override: ({ zodSchema, jsonSchema }) => tidy(jsonSchema, zodSchema) }) as Shape;
}

/** A union of one is that one. Examples of what holds a secret, which zod leaves out, are put back. */
function tidy(shape: z.core.JSONSchema.BaseSchema, contract: z.core.$ZodType): void {
  if (shape.oneOf?.length === 1) {
    const { oneOf, ...own } = shape;
    delete shape.oneOf;
    Object.assign(shape, oneOf[0], own);
  }
  const { examples } = z.globalRegistry.get(contract) ?? {};
  if (Array.isArray(examples)) shape.examples = examples;
  showDefault(shape);
}

/** A default is the example of a value or a list that names no other. */
function showDefault(shape: { type?: unknown; default?: unknown; examples?: unknown }): void {
  if (shape.default === undefined || shape.examples !== undefined || shape.type === "object") return;
  shape.examples = [shape.default];
}

/** The shape at a path within a shape; unions are followed by the value that is there. */
export function shapeAt(whole: Shape, path: readonly (string | number)[], raw: unknown): Shape | undefined {
  let shape: Shape | undefined = choose(whole, raw);
  let value = raw;
  for (const part of path) {
    if (shape === undefined) return undefined;
    value = typeof value === "object" && value !== null ? (value as Record<string | number, unknown>)[part] : undefined;
    const additional: Shape | undefined = shape.additionalProperties === false ? undefined : shape.additionalProperties;
    const next: Shape | undefined = typeof part === "number" ? shape.items : (shape.properties?.[part] ?? additional);
    shape = next === undefined ? undefined : choose(next, value);
  }
  return shape;
}

/** Of a union of objects, the one whose constants the value has; when it has none of them, their choices together. */
function choose(shape: Shape, value: unknown): Shape {
  const options = shape.oneOf ?? shape.anyOf;
  if (options === undefined || typeof value !== "object" || value === null) return shape;
  const together = options.every((option) => option.properties !== undefined) ? { type: "object", properties: unionOf(options) } : shape;
  const found = options.find((option) =>
    Object.entries(option.properties ?? {}).every(
      ([key, property]) => property.const === undefined || property.const === ((value as Record<string, unknown>)[key] ?? property.default),
    ),
  );
  return found ?? together;
}

function unionOf(options: readonly Shape[]): Record<string, Shape> {
  const keys = new Set(options.flatMap((option) => Object.keys(option.properties ?? {})));
  return Object.fromEntries(
    [...keys].map((key) => {
      const shapes = options.flatMap((option) => option.properties?.[key] ?? []);
      return [
        key,
        shapes.every((shape) => shape.const !== undefined) ? { enum: shapes.flatMap((shape) => shape.const ?? []) } : { anyOf: shapes },
      ];
    }),
  );
}

/** Whether a value that is encrypted may stand somewhere in it. */
export function holdsSecret(shape: Shape): boolean {
  const { properties = {}, additionalProperties, items, anyOf = [], oneOf = [] } = shape;
  const below = [...Object.values(properties), additionalProperties || undefined, items, ...anyOf, ...oneOf];
  return shape.secret === true || below.some((part) => part !== undefined && holdsSecret(part));
}

/** What may stand there, in words. */
export function describeShape(shape: Shape): string {
  const note = shape.description === undefined ? "" : ` (${shape.description})`;
  const choices = choicesOf(shape);
  if (choices !== undefined) return `${choices.length === 1 ? "" : "one of "}${choices.join(", ")}${choices.length > 6 ? "" : note}`;
  switch (shape.type) {
    case "integer":
    case "number":
      return `${shape.type === "integer" ? "an integer" : "a number"}${bounds(shape)}${note}`;
    case "boolean":
      return `true or false${note}`;
    case "array":
      return `a list${items(shape)}${shape.items?.description === undefined || shape.description !== undefined ? "" : ` of: ${shape.items.description}`}${note}`;
    case "object": {
      const keys = Object.keys(shape.properties ?? {});
      return keys.length === 0
        ? `a map${note}`
        : `an object with ${keys.map((key) => (shape.required?.includes(key) ? `${key} (required)` : key)).join(", ")}`;
    }
    default:
      return shape.description ?? "a string";
  }
}

/** Values that a closed choice allows, or undefined. */
export function choicesOf(shape: Shape): (string | number | boolean)[] | undefined {
  if (shape.const !== undefined) return [shape.const];
  if (shape.enum !== undefined) return [...shape.enum];
  const options = shape.anyOf ?? shape.oneOf;
  const values = options?.flatMap((option) => choicesOf(option) ?? []);
  return values !== undefined && values.length > 0 && values.length === options?.length ? values : undefined;
}

/** A scalar that would be accepted there and is nobody else's: the nearest bound or choice, the default, the only choice, or undefined. */
export function suggestion(shape: Shape, value: unknown): string | number | boolean | undefined {
  if (typeof value === "number" && shape.maximum !== undefined && value > shape.maximum) return shape.maximum;
  if (typeof value === "number" && shape.minimum !== undefined && value < shape.minimum) return shape.minimum;
  const choices = choicesOf(shape);
  const good = nearestNumber(choices, value) ?? shape.default ?? (choices?.length === 1 ? choices[0] : undefined);
  return typeof good === "string" || typeof good === "number" || typeof good === "boolean" ? good : undefined;
}

function nearestNumber(choices: readonly (string | number | boolean)[] | undefined, value: unknown): number | undefined {
  if (typeof value !== "number") return undefined;
  const numbers = (choices ?? []).filter((choice) => typeof choice === "number");
  return numbers.sort((a, b) => Math.abs(a - value) - Math.abs(b - value))[0];
}

/** How many elements a list has. */
function items({ minItems = 0, maxItems }: Shape): string {
  if (maxItems === undefined) return minItems > 1 ? ` of at least ${minItems}` : "";
  return minItems > 1 ? ` of ${minItems} to ${maxItems}` : ` of at most ${maxItems}`;
}

function bounds({ minimum, maximum }: Shape): string {
  const least = minimum === undefined || minimum <= Number.MIN_SAFE_INTEGER ? undefined : minimum;
  const most = maximum === undefined || maximum >= Number.MAX_SAFE_INTEGER ? undefined : maximum;
  if (least !== undefined && most !== undefined) return ` from ${least} to ${most}`;
  return least === undefined ? (most === undefined ? "" : ` up to ${most}`) : ` from ${least}`;
}
