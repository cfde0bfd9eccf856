/**
 * Schema facts of the resource types that the sandbox simulates, read off the real providers by a program that is not kept
 * here: AWS 6.48 (the Terraform provider inside `@pulumi/aws` 7.48.0) and Cloudflare 5.24 (inside `@pulumi/cloudflare` 6.22.1); of
 * Kubernetes, the types of `@pulumi/kubernetes` 4.34.2 with what its provider replaces on, and the Gateway API 1.2 and External Secrets v1
 * as far as they are used. One JSON file a module, in the names of the Node.js SDK.
 */
import { existsSync, readFileSync } from "node:fs";
import { join } from "node:path";
import type { Properties } from "../provider/values.ts";

/** Values, one of which each of these properties of an object must have. */
type Condition = Readonly<Record<string, readonly (string | boolean)[]>>;

/** What the provider knows of one property. Absent keys mean "no". */
export interface PropertyFacts {
  readonly type:
    | "any"
    | "archive"
    | "block-list"
    | "block-map"
    | "block-set"
    | "block-single"
    | "bool"
    | "int"
    | "list"
    | "map"
    | "number"
    | "object"
    | "set"
    | "string";
  /** How a nested block reaches the SDK: a single object, an array of them, or a map of them. */
  readonly shape?: "object" | "list" | "map";
  /** Type of the elements of a plain collection. */
  readonly elem?: string;
  /** Properties of the nested object or of each element. */
  readonly fields?: Readonly<Record<string, PropertyFacts>>;
  readonly required?: true;
  readonly optional?: true;
  readonly computed?: true;
  /** A change replaces the resource. */
  readonly replaces?: true;
  /** A change replaces the resource where each of these properties of the same object has one of the values. */
  readonly replacesIf?: Condition;
  /** A block that comes or goes replaces the resource; a change inside it does not. */
  readonly replacesAsWhole?: true;
  readonly default?: string | number | boolean;
  /** 0 is a value of its own, other than none: no pods, as against as many as the scaler says. */
  readonly zeroCounts?: true;
  /** The default is filled in only when the change is planned, not in the check. */
  readonly defaultLater?: true;
  readonly enum?: readonly (string | number)[];
  readonly elemEnum?: readonly string[];
  /** Lowest and highest value, both allowed. */
  readonly range?: readonly [number, number];
  readonly minItems?: number;
  readonly maxItems?: number;
  readonly conflictsWith?: readonly string[];
  readonly exactlyOneOf?: readonly string[];
  readonly atLeastOneOf?: readonly string[];
  readonly requiredWith?: readonly string[];
  /** A change of this property counts only where each of these properties of the same object has one of the values. */
  readonly countsIf?: Condition;
  /** Where nothing is set the provider reads it back as empty, and then names it beside any other change. */
  readonly readEmpty?: true;
  readonly secret?: true;
  readonly writeOnly?: true;
  /** A JSON document as text; an object is taken for one too. */
  readonly json?: true;
  /** What the provider said of a nonsense value, or the validators' own descriptions. */
  readonly validator?: string | readonly string[];
  readonly deprecated?: string;
}

/** What the provider knows of one resource type. */
export interface TypeFacts {
  readonly properties: Readonly<Record<string, PropertyFacts>>;
  /** Name in the Terraform provider. */
  readonly terraform?: string;
  /** Built on the newer Terraform plugin framework, whose bridge checks differently: see `check.ts`. */
  readonly framework?: true;
  /** Every change replaces. */
  readonly noUpdate?: true;
  /** Deleting only forgets the object; it stays as it is. */
  readonly noDelete?: true;
}

/** Whether an object meets a condition. */
export function holds(condition: Condition, object: Properties): boolean {
  return Object.entries(condition).every(([name, values]) => values.includes(object[name] as string | boolean));
}

const modules = new Map<string, Readonly<Record<string, TypeFacts>>>();
const types = new Map<string, TypeFacts | undefined>();

/**
 * Facts of a type token such as `aws:lb/listenerRule:ListenerRule`.
 * @returns undefined for a type that the sandbox has no facts of
 */
export function factsOf(token: string): TypeFacts | undefined {
  if (!types.has(token)) types.set(token, readFacts(token));
  return types.get(token);
}

function readFacts(token: string): TypeFacts | undefined {
  const [packageName = "", moduleAndFile = ""] = token.split(":");
  const file = join(import.meta.dirname, packageName, `${moduleAndFile.split("/")[0]}.json`);
  let facts = modules.get(file);
  if (facts === undefined) {
    facts = existsSync(file) ? (JSON.parse(readFileSync(file, "utf8")) as Record<string, TypeFacts>) : {};
    modules.set(file, facts);
  }
  return facts[token];
}
