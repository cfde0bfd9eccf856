/**
 * How the cloud names what it creates: ids, ARNs, DNS names and the other values it fills in, as templates with
 * `{…}` holes. `{hex17}` is that many random hexadecimal digits, `{digits21}` random digits, `{account}` and `{region}` are the provider's,
 * `{id}` the object's own id, any other name a property of the object (dots go deeper).
 */
import type { IdentityFacts, Template } from "../facts/facts.ts";
import { isObject, type Properties, type Value } from "../provider/values.ts";
import type { LiveStore } from "./liveStore.ts";
import { randomDigits, randomHex, randomUuid } from "./randomness.ts";

/** How objects of one type get their id and their computed outputs: by templates, or by code where those do not do. */
export interface Identity extends Omit<IdentityFacts, "id" | "key"> {
  readonly id: string | Derive<string>;
  /** Output, or several as one text, that tells objects apart where AWS gives several the same id. @default the id */
  readonly key?: string | ((properties: Properties) => string);
  /** Outputs that templates cannot express. The properties include `id`. */
  readonly compute?: Derive<Properties>;
  /** What an update leaves, for types whose computed values move with it. @default the wanted properties */
  readonly revise?: (before: Properties, next: Properties) => Properties;
  /** What two objects cannot share, for types that are named by more than one property. @default `autoName` */
  readonly namedBy?: (properties: Properties) => string;
}

/** Works something out from a new object's properties, where it is created, and what exists there. */
type Derive<T> = (properties: Properties, place: Place, store: LiveStore) => T;

/** Where an object is created. */
export interface Place {
  readonly account: string;
  readonly region: string;
  /** Its applies take fields from other managers. @default false */
  readonly forces?: boolean;
  /** Credential that the provider is configured with, where a cloud may refuse one. */
  readonly token?: string;
}

/** Fills the id and the computed outputs of a new object. Outputs already set are kept. */
export function identify(
  identity: Identity,
  properties: Properties,
  place: Place,
  store: LiveStore,
): { id: string; properties: Properties } {
  const filled: Properties = { ...properties };
  const id =
    typeof identity.id === "function" ? identity.id(filled, place, store) : (fill(identity.id, filled, place, undefined) as string);
  for (const [key, template] of Object.entries(identity.outputs ?? {})) {
    if (filled[key] === undefined || filled[key] === null) filled[key] = fill(template, filled, place, id);
  }
  return { id, properties: { ...filled, ...identity.compute?.({ ...filled, id }, place, store) } };
}

function fill(template: Template, properties: Properties, place: Place, id: string | undefined): Value {
  if (typeof template === "string") {
    return template.replaceAll(/\{([\w.]+)\}/g, (_, name: string) => String(holeValue(name, properties, place, id) ?? ""));
  }
  if (Array.isArray(template)) return template.map((item: Template) => fill(item, properties, place, id));
  if (typeof template !== "object" || template === null) return template as Value;
  return Object.fromEntries(Object.entries(template).map(([key, item]) => [key, fill(item as Template, properties, place, id)]));
}

function holeValue(name: string, properties: Properties, place: Place, id: string | undefined): Value | undefined {
  const random = name.match(/^(hex|digits)(\d+)$/);
  if (random !== null) return random[1] === "hex" ? randomHex(Number(random[2])) : randomDigits(Number(random[2]));
  if (name === "account") return place.account;
  if (name === "region") return place.region;
  if (name === "id") return id;
  if (name === "uuid") return randomUuid();
  let value: Value | undefined = properties;
  for (const part of name.split(".")) value = isObject(value) ? value[part] : Array.isArray(value) ? value[Number(part)] : undefined;
  return value;
}

/** `namePrefix` without `name`: the provider appends what makes it unique. */
export function namesFromPrefixes(properties: Properties): Properties {
  const prefixes = Object.entries(properties).filter(([key, value]) => key.endsWith("Prefix") && typeof value === "string" && value !== "");
  return Object.fromEntries(prefixes.map(([key, value]) => [key.slice(0, -"Prefix".length), `${value}${randomHex(26)}`]));
}
