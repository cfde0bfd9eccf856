/** Check, diff, create, read, update and delete in the terms of the provider protocol, over one simulated cloud. */
import { createHash } from "node:crypto";
import { Unsteady } from "../cloud/catalogue.ts";
import { checkInputs } from "../cloud/check.ts";
import type { Cloud } from "../cloud/cloud.ts";
import { type Change, differences, pathOf } from "../cloud/difference.ts";
import type { Place } from "../cloud/identity.ts";
import type { PropertyFacts, TypeFacts } from "../facts/facts.ts";
import { completed, filled } from "./fill.ts";
import { conceal, containsUnknown, isObject, type Path, type Properties, reveal, unknown, type Value } from "./values.ts";

/** Inputs after the check, with what is wrong with them. */
interface Checked {
  readonly inputs: Properties;
  readonly failures: readonly { readonly property: string; readonly reason: string }[];
}

/** What an update would change, and how. */
interface Diffed {
  readonly changes: readonly Change[];
  readonly replaces: readonly string[];
  readonly deleteBeforeReplace: boolean;
}

/** An object that exists now. */
interface Made {
  readonly id: string;
  readonly properties: Properties;
}

/** The resources of one simulated cloud, as one configured provider sees them. */
export class Resources {
  readonly #cloud: Cloud;

  constructor(cloud: Cloud) {
    this.#cloud = cloud;
  }

  /** @param place where the provider is configured to work; without it no region is filled in */
  check(urn: string, before: Properties, after: Properties, randomSeed: Uint8Array, place?: Place): Checked {
    const type = typeOf(urn);
    const facts = this.#cloud.facts(type);
    const { catalogue } = this.#cloud;
    const { plain, secrets } = reveal(after);
    const { inputs: named, generated } = this.#withName(
      type,
      nameOf(urn),
      reveal(before).plain,
      this.#withRegion(facts, plain, place),
      randomSeed,
    );
    const inputs = catalogue.fillsIn
      ? filled(facts, named, generated)
      : generated.length === 0
        ? named
        : { ...named, __defaults: generated };
    const failures = checkInputs(facts, inputs).map(({ property, reason }) => ({
      property,
      reason: `${reason}. Examine values at '${[nameOf(urn), property].filter((part) => part !== "").join(".")}'.`,
    }));
    const whole = catalogue.wholeSecrets?.[type] ?? [];
    const marked = secrets.map((path) => (whole.includes(String(path[0])) ? path.slice(0, 1) : path));
    return { inputs: conceal(inputs, marked), failures };
  }

  diff(urn: string, state: Properties, before: Properties, after: Properties): Diffed {
    const type = typeOf(urn);
    const old = reveal(before).plain;
    const wanted = reveal(after).plain;
    this.#plan(urn, wanted, reveal(state).plain);
    const changes = differences(this.#cloud.facts(type), reveal(state).plain, old, wanted);
    // The Terraform bridge names whole properties here, however deep the change is; the provider of Kubernetes is none.
    const named = this.#cloud.catalogue.packageName === "kubernetes" ? pathOf : ({ path }: Change) => String(path[0]);
    const replaces = [...new Set(changes.filter((change) => change.replaces).map(named))];
    return { changes, replaces, deleteBeforeReplace: replaces.length > 0 && this.#isNamedByHand(type, old, wanted) };
  }

  create(urn: string, inputs: Properties, place: Place, preview: boolean): Made {
    const type = typeOf(urn);
    const { plain, secrets } = reveal(inputs);
    this.#plan(urn, plain);
    if (preview)
      return { id: "", properties: conceal(withUnknowns(this.#cloud.facts(type).properties, this.#cloud.planned(type, plain)), secrets) };
    if (containsUnknown(plain)) throw new Error(`${urn} was created with values that are not known`);
    this.#reach(place);
    const made = this.#awaited(type, secrets, () => this.#cloud.create({ type, urn, inputs: plain, secrets }, place));
    return { id: made.id, properties: this.#answered(type, made.id, made.properties, secrets) };
  }

  /** @param inputs the inputs as the engine has them; empty for an import @throws Unsteady for what does not run */
  read(urn: string, id: string, state: Properties, inputs: Properties, place: Place): (Made & { readonly inputs: Properties }) | undefined {
    const type = typeOf(urn);
    const known = reveal(state);
    const old = reveal(inputs);
    this.#reach(place);
    const properties = this.#cloud.read(type, id, known.plain, place);
    if (properties === undefined) return undefined;
    const facts = this.#cloud.facts(type);
    const live = Object.keys(old.plain).length === 0 ? inputsOf(facts, properties) : projectOnto(old.plain, properties);
    const read = { id, properties: this.#answered(type, id, properties, known.secrets), inputs: conceal(live, old.secrets) };
    const reason = this.#cloud.unready(type, id, known.plain, place);
    if (reason !== undefined) throw new Unsteady(id, read.properties, reason, read.inputs);
    return read;
  }

  update(urn: string, id: string, state: Properties, inputs: Properties, place: Place, preview: boolean): Properties {
    const type = typeOf(urn);
    const { plain, secrets } = reveal(inputs);
    const known = reveal(state).plain;
    const { appliesOnServer } = this.#cloud.catalogue;
    if (preview && appliesOnServer && !containsUnknown(plain)) this.#cloud.dryRun(id, known, { type, urn, inputs: plain, secrets }, place);
    if (preview) return conceal({ ...known, ...this.#cloud.planned(type, plain) }, secrets);
    this.#reach(place);
    const next = this.#awaited(type, secrets, () => this.#cloud.update(id, known, { type, urn, inputs: plain, secrets }, place));
    return this.#answered(type, id, next, secrets);
  }

  delete(urn: string, id: string, state: Properties, place: Place): void {
    this.#reach(place);
    this.#cloud.delete(typeOf(urn), id, reveal(state).plain, place);
  }

  /** @throws Error when the provider cannot ask its cloud */
  #reach(place: Place): void {
    const reason = this.#cloud.catalogue.unreachable?.(place, this.#cloud.store);
    if (reason !== undefined) throw new Error(`${reason} (simulated)`);
  }

  /** @throws Error when the provider refuses the inputs as it plans */
  #plan(urn: string, inputs: Properties, before?: Properties): void {
    const refused = this.#cloud.catalogue.plans?.[typeOf(urn)]?.(inputs, before);
    if (refused !== undefined) throw new Error(`diffing ${urn}: 1 error occurred:\n\t* ${refused} (simulated)`);
  }

  /** @throws Unsteady with the state as the engine has to have it */
  #awaited<T>(type: string, secrets: readonly Path[], write: () => T): T {
    try {
      return write();
    } catch (error) {
      if (!(error instanceof Unsteady)) throw error;
      throw new Unsteady(error.id, this.#answered(type, error.id, error.properties, secrets), error.reason);
    }
  }

  /** State for the engine: complete, and with the marks of what the caller or the provider itself holds secret. */
  #answered(type: string, id: string, properties: Properties, secrets: readonly Path[]): Properties {
    const facts = this.#cloud.facts(type);
    const complete = this.#cloud.catalogue.fillsIn ? completed(facts, id, properties) : properties;
    const declared = Object.entries(facts.properties).flatMap(([key, property]) =>
      property.secret && properties[key] !== undefined ? [[key]] : [],
    );
    return conceal(complete, [...secrets, ...declared]);
  }

  #withRegion(facts: TypeFacts, inputs: Properties, place: Place | undefined): Properties {
    const { regionProperty } = this.#cloud.catalogue;
    if (regionProperty === undefined || facts.properties[regionProperty]?.optional !== true) return inputs;
    const region = inputs[regionProperty] ?? place?.region;
    return region === undefined ? inputs : { ...inputs, [regionProperty]: region };
  }

  #withName(type: string, name: string, before: Properties, after: Properties, randomSeed: Uint8Array) {
    const property = this.#nameProperty(type);
    const asGiven = { inputs: after, generated: [] };
    if (property === undefined || (after[property] !== undefined && after[property] !== null)) return asGiven;
    if (after[`${property}Prefix`] !== undefined) return asGiven;
    const kept = before[property] ?? undefined; // also a name that was given by hand before: nothing is replaced for its sake
    const identity = this.#cloud.identity(type);
    const suffix = createHash("sha256").update(randomSeed).digest("hex").slice(0, 7);
    const limit = identity.nameLimit ?? 255;
    // The Terraform bridge cuts nothing (`NewUniqueName` in pulumi/sdk/go/common/resource).
    if (kept === undefined && name.length + 8 > limit)
      throw new Error(
        `could not make instance of '${type}': name '${name}-' plus 7 random chars is longer than maximum length ${limit} (simulated)`,
      );
    const fresh = `${name}-${suffix}`;
    return { inputs: { ...after, [property]: kept ?? (identity.lowerCase ? fresh.toLowerCase() : fresh) }, generated: [property] };
  }

  #nameProperty(type: string): string | undefined {
    const declared = this.#cloud.identity(type).autoName;
    if (declared !== undefined) return declared === "" ? undefined : declared;
    const name = this.#cloud.facts(type).properties.name;
    return name?.optional === true || name?.required === true ? "name" : undefined;
  }

  /** Two objects cannot hold one name, and only generated names are sure to differ: the old object has to go first. */
  #isNamedByHand(type: string, before: Properties, inputs: Properties): boolean {
    const namedBy = this.#cloud.identity(type).namedBy;
    if (namedBy !== undefined) return namedBy(before) === namedBy(inputs);
    const property = this.#nameProperty(type);
    if (property === undefined || inputs[property] === undefined) return false;
    const { __defaults: defaults } = inputs;
    return !(Array.isArray(defaults) && defaults.includes(property));
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

function inputsOf({ properties: fields, open }: TypeFacts, properties: Properties): Properties {
  return Object.fromEntries(
    Object.entries(properties).filter(([key]) => fields[key]?.required ?? fields[key]?.optional ?? (open && !(key in fields))),
  );
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
