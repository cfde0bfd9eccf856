/**
 * The generic simulated cloud: create, read, update and delete of any type in a catalogue, over one live store, refusing
 * what the real cloud refuses.
 */
import type { PropertyFacts, TypeFacts } from "../facts/facts.ts";
import { type PackageName, packageNames } from "../packageNames.ts";
import { equal, isObject, mapPaths, type Path, type Properties, valueAt } from "../provider/values.ts";
import { type Catalogue, CloudError, type Rule, Unsteady } from "./catalogue.ts";
import { differences } from "./difference.ts";
import { type Identity, identify, namesFromPrefixes, type Place } from "./identity.ts";
import { type LiveObject, type LiveStore, seal } from "./liveStore.ts";
import { valuesAt } from "./references.ts";

/** An object to be created or updated. */
interface Wanted {
  readonly type: string;
  readonly urn: string;
  readonly inputs: Properties;
  /** Paths of `inputs` that are secret. */
  readonly secrets: readonly Path[];
}

/** One cloud: its tables over the live store. */
export class Cloud {
  readonly catalogue: Catalogue;
  readonly store: LiveStore;
  /** Types that were asked for and that there are no facts of. */
  readonly unchecked = new Set<string>();
  /** What was taken for granted so far, since a real provider has it: a sentence each. */
  readonly assumed = new Set<string>();
  readonly #existing: ReadonlySet<string>;
  readonly #simulated: ReadonlySet<PackageName>;

  /**
   * @param existing ids of objects that exist without any stack's doing: other objects may point at them. @default none
   * @param simulated providers whose objects are in the store: those of the others nobody here can see. @default all
   */
  constructor(
    catalogue: Catalogue,
    store: LiveStore,
    existing: ReadonlySet<string> = new Set(),
    simulated: ReadonlySet<PackageName> = new Set(packageNames),
  ) {
    this.catalogue = catalogue;
    this.store = store;
    this.#existing = existing;
    this.#simulated = simulated;
  }

  /** Facts of a type; those that all types share for one that is not known, which is then named in `unchecked`. */
  facts(type: string): TypeFacts {
    const facts = this.catalogue.facts(type);
    if (facts === undefined) this.unchecked.add(type);
    return facts ?? this.catalogue.commonFacts;
  }

  /** How objects of a type get their id and their computed outputs. */
  identity(type: string): Identity {
    const facts = this.facts(type);
    const { id, ...identity } = { ...facts.identity, ...this.catalogue.identities[type] };
    return id === undefined ? this.catalogue.otherIdentity(type, facts) : { ...identity, id };
  }

  /** State of the object as the cloud will report it after creation, without creating it. */
  planned(type: string, inputs: Properties): Properties {
    return withDefaults(this.facts(type).properties, inputs);
  }

  /** @throws Unsteady for what was made and never came to run */
  create(wanted: Wanted, place: Place): { id: string; properties: Properties } {
    const { type } = wanted;
    const here = this.#placeOf(wanted.inputs, place);
    const state = { ...namesFromPrefixes(wanted.inputs), ...this.planned(type, wanted.inputs) };
    this.#refuseTwins(type, state, here);
    this.#requireTargets(type, state, here);
    this.#enforce("create", type, state, here);
    const made = identify(this.identity(type), this.#withRegion(type, state, here), here, this.store);
    const scope = this.#scopeOf(type, here);
    const key = this.#keyOf(type, made.id, made.properties);
    if (this.store.get(type, key, scope) !== undefined && !this.facts(type).noDelete)
      throw new CloudError("AlreadyExists", `${key} already exists`);
    const object = this.#put({ type, id: key, scope, properties: made.properties, createdFor: wanted.urn }, wanted);
    this.#await(object, made.id, made.properties, Object.keys(wanted.inputs));
    return made;
  }

  /** What is live, with sealed values answered by those the caller already knows when they are unchanged. */
  read(type: string, id: string, known: Properties, place: Place): Properties | undefined {
    const live = this.find(type, id, known, place);
    if (live === undefined) return undefined;
    const sealing = this.catalogue.seals?.[type] ?? seal;
    return mapPaths(live.properties, live.sealed ?? [], (digest) => {
      const path = (live.sealed ?? []).find((candidate) => valueAt(live.properties, candidate) === digest);
      const before = path === undefined ? undefined : valueAt(known, path);
      return before !== undefined && sealing(before) === digest ? before : digest;
    });
  }

  /** Why an object that is there does not run; undefined when it does. @param known state of the object as the engine has it */
  unready(type: string, id: string, known: Properties, place: Place): string | undefined {
    const live = this.find(type, id, known, place);
    return live && this.catalogue.unready?.(live, this.store);
  }

  /** @param known state of the object as the engine has it @throws Unsteady for what was changed and never came to run */
  update(id: string, known: Properties, wanted: Wanted, place: Place): Properties {
    const { live, inputs, next } = this.#updated(id, known, wanted, place);
    const { sealed: _, ...unsealed } = live;
    const object = this.#put({ ...unsealed, properties: next }, wanted);
    const sent = differences(this.facts(wanted.type), known, inputs, inputs).map(({ path }) => String(path[0]));
    this.#await(object, id, next, sent, live);
    return next;
  }

  /** What an update would come to, without it. @throws CloudError when the cloud would refuse it */
  dryRun(id: string, known: Properties, wanted: Wanted, place: Place): void {
    this.#updated(id, known, wanted, place);
  }

  readonly #unseen = (provider: PackageName, what: string): boolean => {
    if (this.#simulated.has(provider)) return false;
    this.assumed.add(what);
    return true;
  };

  #updated(id: string, known: Properties, wanted: Wanted, place: Place) {
    const { type } = wanted;
    const here = this.#placeOf(wanted.inputs, place);
    const live = this.find(type, id, known, here);
    if (live === undefined) throw new CloudError("NotFound", `${id} does not exist`);
    const facts = this.facts(type);
    const inputs = this.#withRegion(type, wanted.inputs, here);
    const wished = withDefaults(facts.properties, {
      ...computedOf(facts, live.properties),
      ...inputs,
      ...(this.catalogue.appliesOnServer ? {} : notSent(live.properties, known, inputs)),
    });
    const next = this.identity(type).revise?.(live.properties, wished) ?? wished;
    this.#refuseTwins(type, next, here, live);
    this.#requireTargets(type, next, here);
    this.#enforce("update", type, next, here, live);
    return { live, inputs, next };
  }

  delete(type: string, id: string, known: Properties, place: Place): void {
    const here = this.#placeOf(known, place);
    const live = this.find(type, id, known, here);
    if (live === undefined) return; // deleting what is gone succeeds, as it does in the real providers
    this.#enforce("delete", type, live.properties, here, live);
    if (this.facts(type).noDelete) return;
    const inUse = this.facts(type).refusals?.inUse;
    if (inUse !== undefined) {
      const holder = this.#holderOf(live);
      if (holder !== undefined) throw refusal(inUse, { ...live.properties, id, holder: holder.id });
    }
    this.store.delete(live);
  }

  /** The live object with a provider id. @param known its state, for types whose objects share ids */
  find(type: string, id: string, known: Properties, place: Place): LiveObject | undefined {
    const key = this.#keyOf(type, id, known);
    const here = this.store.get(type, key, this.#scopeOf(type, this.#placeOf(known, place)));
    return here ?? this.store.all(type).find((object) => object.id === key && object.scope.startsWith(place.account));
  }

  #keyOf(type: string, id: string, properties: Properties): string {
    const { key } = this.identity(type);
    if (typeof key === "function") return key(properties);
    return key === undefined ? id : String(properties[key] ?? id);
  }

  #await(object: LiveObject, id: string, properties: Properties, sent: readonly string[], before?: LiveObject): void {
    const outcome = this.catalogue.outcomes?.[object.type];
    const reason = outcome?.(object, { store: this.store, sent, ...(before === undefined ? {} : { before }) });
    if (reason !== undefined) throw new Unsteady(id, properties, reason);
  }

  #put(object: LiveObject, { inputs, secrets }: Wanted): LiveObject {
    const declared = secretPaths(this.facts(object.type).properties, object.properties);
    const sealed = [...secrets, ...declared].filter((path) => valueAt(object.properties, path) !== undefined);
    const sealing = this.catalogue.seals?.[object.type] ?? seal;
    const properties = mapPaths(object.properties, sealed, sealing);
    const applied = this.catalogue.appliesOnServer ? { applied: mapPaths(inputs, sealed, sealing) } : {};
    const kept = { ...object, properties, ...applied, ...(sealed.length === 0 ? {} : { sealed }) };
    this.store.put(kept);
    return kept;
  }

  #placeOf(properties: Properties, place: Place): Place {
    const { regionProperty } = this.catalogue;
    const region = regionProperty === undefined ? undefined : properties[regionProperty];
    return typeof region === "string" && region !== "" ? { ...place, region } : place;
  }

  #withRegion(type: string, properties: Properties, place: Place): Properties {
    const { regionProperty } = this.catalogue;
    const has = regionProperty !== undefined && this.facts(type).properties[regionProperty] !== undefined;
    return has ? { [regionProperty]: place.region, ...properties } : properties;
  }

  #scopeOf(type: string, place: Place): string {
    return [place.account, this.catalogue.isGlobal(type) ? "global" : place.region].filter((part) => part !== "").join("/");
  }

  #enforce(on: Rule["on"], type: string, object: Properties, place: Place, before?: LiveObject): void {
    for (const rule of this.catalogue.rules[type] ?? []) {
      if (rule.on === on)
        rule.enforce(object, { store: this.store, place, unseen: this.#unseen, ...(before === undefined ? {} : { before }) });
    }
  }

  #refuseTwins(type: string, state: Properties, place: Place, self?: LiveObject): void {
    for (const unique of this.facts(type).uniques ?? []) {
      const key = (properties: Properties) => JSON.stringify(unique.by.map((name) => properties[name] ?? null));
      const twin = this.store.all(type).find((other) => {
        if (other.id === self?.id) return false;
        if (!unique.everywhere && other.scope !== this.#scopeOf(type, place)) return false;
        return key(other.properties) === key(state);
      });
      if (twin !== undefined) throw refusal(unique.refusal, { ...state, id: twin.id });
    }
  }

  #requireTargets(type: string, state: Properties, place: Place): void {
    for (const reference of this.facts(type).references ?? []) {
      for (const value of valuesAt(state, reference.from)) {
        if (this.#existing.has(value)) continue;
        const [first = "", ...others] = [reference.to].flat();
        const found = [first, ...others]
          .flatMap((to) => this.store.all(to))
          .some((object) => object.scope.startsWith(place.account) && nameOf(object, reference.by) === value);
        if (!found)
          throw refusal(this.catalogue.facts(first)?.refusals?.absent ?? `NotFound: ${first} {value} does not exist`, {
            ...state,
            value,
          });
      }
    }
  }

  #holderOf(live: LiveObject): LiveObject | undefined {
    return this.store.all().find((object) => {
      const references = object === live ? [] : (this.catalogue.facts(object.type)?.references ?? []);
      return references.some(
        ({ from, to, by, loose }) =>
          [to].flat().includes(live.type) && !loose && valuesAt(object.properties, from).includes(nameOf(live, by)),
      );
    });
  }
}

function nameOf(object: LiveObject, by: string | undefined): string {
  return by === undefined ? object.id : String(object.properties[by] ?? "");
}

function refusal(text: string, holes: Properties): CloudError {
  const filled = text.replaceAll(/\{(\w+)\}/g, (_, name: string) => String(holes[name] ?? ""));
  const colon = filled.indexOf(": ");
  return new CloudError(filled.slice(0, colon), filled.slice(colon + 2));
}

/** Inputs with the provider's defaults filled in, at every level. */
export function withDefaults(fields: Readonly<Record<string, PropertyFacts>>, bag: Properties): Properties {
  const filled: Properties = {};
  for (const [key, value] of Object.entries(bag)) {
    const below = fields[key]?.fields;
    if (key === "__defaults") continue;
    if (below === undefined || value === null) filled[key] = value;
    else if (Array.isArray(value)) filled[key] = value.map((item) => (isObject(item) ? withDefaults(below, item) : item));
    else filled[key] = isObject(value) && fields[key]?.shape !== "map" ? withDefaults(below, value) : value;
  }
  for (const [key, facts] of Object.entries(fields)) {
    if (facts.default !== undefined && (filled[key] === undefined || filled[key] === null)) filled[key] = facts.default;
  }
  return filled;
}

/** What the cloud filled in by itself and keeps over an update. */
function computedOf({ properties: fields, open }: TypeFacts, properties: Properties): Properties {
  return Object.fromEntries(Object.entries(properties).filter(([key]) => fields[key]?.computed ?? !(open || key in fields)));
}

/** Live values of what the caller wants as it already knows it: providers send only what changed, and the rest stays as it is. */
function notSent(live: Properties, known: Properties, inputs: Properties): Properties {
  return Object.fromEntries(Object.entries(live).filter(([key]) => key in inputs && equal(known[key], inputs[key])));
}

function secretPaths(fields: Readonly<Record<string, PropertyFacts>>, bag: Properties, at: Path = []): Path[] {
  return Object.entries(bag).flatMap(([key, value]): Path[] => {
    const facts = fields[key];
    if (facts === undefined || value === null) return [];
    if (facts.secret) return [[...at, key]];
    const below = facts.fields;
    if (below === undefined) return [];
    if (Array.isArray(value)) return value.flatMap((item, index) => (isObject(item) ? secretPaths(below, item, [...at, key, index]) : []));
    return isObject(value) ? secretPaths(below, value, [...at, key]) : [];
  });
}
