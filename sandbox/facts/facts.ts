/**
 * Schema facts of the resource types that the sandbox simulates, in the names of the Node.js SDK. What a module's package schema says is
 * in `<package>/<module>.json`, written by `npm run facts`; what only the provider's own code knows (validators, conflicts,
 * ranges, defaults) and what its cloud tells of objects (ids, references, refusals) in `<package>/<module>.extra.json`, kept by hand, and what holds for every type of a package in `<package>.json`.
 * Each file names its source.
 */
import { existsSync, readFileSync } from "node:fs";
import { join } from "node:path";
import type { Properties } from "../provider/values.ts";
import { type Patch, patched } from "./patch.ts";

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

/** A property that names another live object. */
export interface Reference {
  /** Property path; `[]` goes over the elements of a list, for example `actions[].forward.targetGroups[].arn`. */
  readonly from: string;
  /** Type token that it names, or those of which it names one. */
  readonly to: string | readonly string[];
  /** Output of the other object that is compared. @default `id` */
  readonly by?: string;
  /** The other object may be deleted while this one exists. @default false */
  readonly loose?: true;
}

/** What the cloud says about one type. `{…}` holes name properties; `{value}` is the reference, `{holder}` the object that holds on. */
interface Refusals {
  /** When a reference names an object that does not exist. */
  readonly absent: string;
  /** When a deletion is refused because another object points here. */
  readonly inUse?: string;
}

/** Values that no two objects of a type may share. */
interface Unique {
  /** Properties that together must differ. */
  readonly by: readonly string[];
  /** `Code: message` with `{…}` holes for properties. */
  readonly refusal: string;
  /** Only among objects of the same scope, or in the whole cloud (bucket names). @default the same scope */
  readonly everywhere?: true;
}

/** Template of a value, with the `{…}` holes of `sandbox/cloud/identity.ts`; templates inside lists and objects are filled too. */
export type Template = string | number | boolean | null | readonly Template[] | { readonly [key: string]: Template };

/** How the cloud names objects of a type, as far as templates tell it. */
export interface IdentityFacts {
  readonly id?: string;
  /** Output that tells objects apart where AWS gives several the same id. @default the id */
  readonly key?: string;
  /** In order: a later template may use an earlier output. */
  readonly outputs?: Readonly<Record<string, Template>>;
  /** Input that gets a generated name when none is given; empty for none. @default `name` where the type has that input */
  readonly autoName?: string;
  /** Longest generated name. @default 255 */
  readonly nameLimit?: number;
  /** Generated names are lower case. @default false */
  readonly lowerCase?: boolean;
}

/** What the provider and its cloud know of one resource type. */
export interface TypeFacts {
  readonly properties: Readonly<Record<string, PropertyFacts>>;
  /** Name in the Terraform provider. */
  readonly terraform?: string;
  /** Built on the newer Terraform plugin framework, whose bridge checks differently: see `check.ts`. */
  readonly framework?: true;
  /** Every change replaces. */
  readonly noUpdate?: true;
  /** The type is not known: properties besides these are taken as they are given, and unchecked. */
  readonly open?: true;
  /** Deleting only forgets the object; it stays as it is. */
  readonly noDelete?: true;
  readonly identity?: IdentityFacts;
  /** What objects of the type must point at. */
  readonly references?: readonly Reference[];
  readonly refusals?: Refusals;
  readonly uniques?: readonly Unique[];
  /** Why something above is as it is, for people. */
  readonly note?: string;
}

/** Whether an object meets a condition. */
export function holds(condition: Condition, object: Properties): boolean {
  return Object.entries(condition).every(([name, values]) => values.includes(object[name] as string | boolean));
}

/** A file of facts: of the types of a module, by token. */
export interface FactsFile<Facts> {
  /** Where the facts were read off. */
  readonly source: string;
  readonly types: Readonly<Record<string, Facts>>;
}

/** Which part of a module's facts: what its package schema says, or what is known besides it. */
export type Part = "generated" | "extra";

/** Path of a module's file. @param folder that of all packages */
export function factsPath(token: string, part: Part, folder: string = import.meta.dirname): string {
  const [packageName = "", moduleAndFile = ""] = token.split(":");
  return join(folder, packageName, `${moduleAndFile.split("/")[0]}${part === "extra" ? ".extra" : ""}.json`);
}

/** Facts of an input, whichever type of a package has it. */
interface CommonFacts {
  readonly source: string;
  readonly properties: Readonly<Record<string, Patch>>;
}

const files = new Map<string, unknown>();
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
  const generated = contentOf<FactsFile<TypeFacts>>(factsPath(token, "generated"))?.types[token];
  const extra = contentOf<FactsFile<Patch>>(factsPath(token, "extra"))?.types[token];
  const facts = combined(generated, extra);
  const common = contentOf<CommonFacts>(join(import.meta.dirname, `${token.split(":")[0]}.json`))?.properties ?? {};
  const inputs = Object.entries(common).filter(([name]) => facts?.properties[name]?.optional);
  return facts === undefined || inputs.length === 0 ? facts : patched(facts, { properties: Object.fromEntries(inputs) });
}

/** Both parts of a type's facts as one; undefined where there is neither. */
export function combined(generated: TypeFacts | undefined, extra: Patch | undefined): TypeFacts | undefined {
  if (extra === undefined) return generated;
  return patched<TypeFacts>(generated ?? { properties: {} }, extra);
}

/** What a file has, read once; undefined where there is none. */
function contentOf<Content>(path: string): Content | undefined {
  if (!files.has(path)) files.set(path, existsSync(path) ? JSON.parse(readFileSync(path, "utf8")) : undefined);
  return files.get(path) as Content | undefined;
}
