/** Check, diff, create, read, update and delete in the terms of the provider protocol, over one simulated cloud. */
import { createHash } from "node:crypto";
import { checkInputs } from "../cloud/check.ts";
import type { Cloud } from "../cloud/cloud.ts";
import { type Change, differences, pathOf } from "../cloud/difference.ts";
import type { Place } from "../cloud/identity.ts";
import type { PropertyFacts } from "../facts/facts.ts";
import { conceal, containsUnknown, isObject, type Path, type Properties, reveal, unknown, type Value } from "./values.ts";

export interface Checked {
  readonly inputs: Properties;
  readonly failures: readonly { readonly property: string; readonly reason: string }[];
}

export interface Diffed {
  readonly changes: readonly Change[];
  readonly replaces: readonly string[];
  readonly deleteBeforeReplace: boolean;
}

export interface Made {
  readonly id: string;
  readonly properties: Properties;
}

/** The resources of one simulated cloud, as one configured provider sees them. */
export class Resources {
  readonly #cloud: Cloud;

  constructor(cloud: Cloud) {
    this.#cloud = cloud;
  }

  check(urn: string, before: Properties, after: Properties, randomSeed: Uint8Array): Checked {
    const type = typeOf(urn);
    const facts = this.#cloud.facts(type);
    const { plain, secrets } = reveal(after);
    const named = this.#withName(type, nameOf(urn), reveal(before).plain, plain, randomSeed);
    const failures = checkInputs(facts, named).map(({ property, reason }) => ({
      property,
      reason: `${reason}. Examine values at '${[nameOf(urn), property].filter((part) => part !== "").join(".")}'.`,
    }));
    return { inputs: conceal(named, secrets), failures };
  }

  diff(urn: string, state: Properties, before: Properties, after: Properties): Diffed {
    const type = typeOf(urn);
    const old = reveal(before).plain;
    const wanted = reveal(after).plain;
    const changes = differences(this.#cloud.facts(type), reveal(state).plain, old, wanted);
    const replaces = changes.filter((change) => change.replaces).map(pathOf);
    return { changes, replaces, deleteBeforeReplace: replaces.length > 0 && this.#keepsItsName(type, old, wanted) };
  }

  create(urn: string, inputs: Properties, place: Place, preview: boolean): Made {
    const type = typeOf(urn);
    const { plain, secrets } = reveal(inputs);
    if (preview)
      return { id: "", properties: conceal(withUnknowns(this.#cloud.facts(type).properties, this.#cloud.planned(type, plain)), secrets) };
    if (containsUnknown(plain)) throw new Error(`${urn} was created with values that are not known`);
    const made = this.#cloud.create({ type, urn, inputs: plain, secrets }, place);
    return { id: made.id, properties: this.#conceal(type, made.properties, secrets) };
  }

  /** @param inputs the inputs as the engine has them; empty for an import */
  read(urn: string, id: string, state: Properties, inputs: Properties, place: Place): (Made & { readonly inputs: Properties }) | undefined {
    const type = typeOf(urn);
    const known = reveal(state);
    const old = reveal(inputs);
    const properties = this.#cloud.read(type, id, known.plain, place);
    if (properties === undefined) return undefined;
    const fields = this.#cloud.facts(type).properties;
    const live = Object.keys(old.plain).length === 0 ? inputsOf(fields, properties) : projectOnto(old.plain, properties);
    return { id, properties: this.#conceal(type, properties, known.secrets), inputs: conceal(live, old.secrets) };
  }

  update(urn: string, id: string, state: Properties, inputs: Properties, place: Place, preview: boolean): Properties {
    const type = typeOf(urn);
    const { plain, secrets } = reveal(inputs);
    const known = reveal(state).plain;
    if (preview) return conceal({ ...known, ...this.#cloud.planned(type, plain) }, secrets);
    return this.#conceal(type, this.#cloud.update(id, known, { type, urn, inputs: plain, secrets }, place), secrets);
  }

  delete(urn: string, id: string, state: Properties, place: Place): void {
    this.#cloud.delete(typeOf(urn), id, reveal(state).plain, place);
  }

  /** Marks secret what the caller marked and what the provider itself declares sensitive. */
  #conceal(type: string, properties: Properties, secrets: readonly Path[]): Properties {
    const declared = Object.entries(this.#cloud.facts(type).properties).flatMap(([key, facts]) =>
      facts.secret && properties[key] !== undefined ? [[key]] : [],
    );
    return conceal(properties, [...secrets, ...declared]);
  }

  #withName(type: string, name: string, before: Properties, after: Properties, randomSeed: Uint8Array): Properties {
    const property = this.#nameProperty(type);
    if (property === undefined || (after[property] !== undefined && after[property] !== null)) return after;
    if (after[`${property}Prefix`] !== undefined) return after;
    const defaults = before.__defaults;
    const kept = Array.isArray(defaults) && defaults.includes(property) ? before[property] : undefined;
    const identity = this.#cloud.catalogue.identities[type];
    const suffix = createHash("sha256").update(randomSeed).digest("hex").slice(0, 7);
    const limit = identity?.nameLimit ?? 255;
    const fresh = `${name.slice(0, limit - 8)}-${suffix}`;
    return { ...after, [property]: kept ?? (identity?.lowerCase ? fresh.toLowerCase() : fresh), __defaults: [property] };
  }

  #nameProperty(type: string): string | undefined {
    const declared = this.#cloud.catalogue.identities[type]?.autoName;
    if (declared !== undefined) return declared === "" ? undefined : declared;
    const name = this.#cloud.facts(type).properties.name;
    return name?.optional === true || name?.required === true ? "name" : undefined;
  }

  /** A name given by hand cannot be held by two objects: the old one has to go first. */
  #keepsItsName(type: string, before: Properties, after: Properties): boolean {
    const property = this.#nameProperty(type);
    if (property === undefined) return false;
    const defaults = after.__defaults;
    if (Array.isArray(defaults) && defaults.includes(property)) return false;
    return after[property] !== undefined && after[property] === before[property];
  }
}

/** `urn:pulumi:stack::project::parent$type::name` → `type`. */
export function typeOf(urn: string): string {
  return urn.split("::")[2]?.split("$").at(-1) ?? "";
}

function nameOf(urn: string): string {
  return urn.split("::").slice(3).join("::");
}

function withUnknowns(fields: Readonly<Record<string, PropertyFacts>>, properties: Properties): Properties {
  const state: Properties = { ...properties };
  for (const [key, facts] of Object.entries(fields)) {
    if (facts.computed && (state[key] === undefined || state[key] === null)) state[key] = unknown;
  }
  return state;
}

function inputsOf(fields: Readonly<Record<string, PropertyFacts>>, properties: Properties): Properties {
  return Object.fromEntries(Object.entries(properties).filter(([key]) => fields[key]?.required === true || fields[key]?.optional === true));
}

/** The live values of what the inputs speak about, so that a refresh shows drift and nothing else. */
function projectOnto(inputs: Properties, live: Properties): Properties {
  const visit = (input: Value, value: Value | undefined): Value => {
    if (value === undefined) return input;
    if (Array.isArray(input) && Array.isArray(value))
      return value.map((item, index) => (index < input.length ? visit(input[index] ?? null, item) : item));
    if (!isObject(input) || !isObject(value)) return value;
    return Object.fromEntries(Object.keys(input).map((key) => [key, visit(input[key] ?? null, value[key])]));
  };
  return Object.fromEntries(Object.entries(inputs).map(([key, input]) => [key, key === "__defaults" ? input : visit(input, live[key])]));
}
