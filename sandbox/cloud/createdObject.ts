/** An object whose creation nobody was told of: the engine was killed before it could write the id down. */
import { equal, isObject, type Properties, reveal, type Value } from "../provider/values.ts";
import { type LiveStore, seal } from "./liveStore.ts";

/** A live object as the engine knows it. */
export interface CreatedObject {
  /** Id that the provider gives it. */
  readonly id: string;
  readonly properties: Properties;
}

/**
 * The one live object of a type that has exactly these inputs and whose id is not known. An input that is encrypted, or null, may be any.
 * @param inputs as the engine has them, secrets marked
 * @param known ids of the objects of this type that the state has
 */
export function createdObject(
  store: LiveStore,
  type: string,
  inputs: Readonly<Record<string, unknown>>,
  known: ReadonlySet<string | undefined>,
): CreatedObject | undefined {
  const wanted = reveal(inputs as Properties).plain;
  const found = store
    .all(type)
    .find(
      ({ id, properties }) =>
        !known.has(providerId(id, properties)) &&
        Object.entries(wanted).every(([key, value]) => key === "__defaults" || covers(properties[key], value)),
    );
  return found === undefined ? undefined : { id: providerId(found.id, found.properties), properties: found.properties };
}

/** Live objects that share ids are kept apart by another key; the engine knows them by their id. */
function providerId(key: string, properties: Properties): string {
  return typeof properties.family === "string" && key.includes(":task-definition/") ? properties.family : key;
}

function covers(live: Value | undefined, wanted: Value): boolean {
  // What is encrypted is revealed as null.
  if (wanted === null || equal(live, wanted) || live === seal(wanted)) return true;
  if (Array.isArray(live) && Array.isArray(wanted))
    return live.length === wanted.length && wanted.every((item, index) => covers(live[index], item));
  return (
    isObject(live) && isObject(wanted) && Object.entries(wanted).every(([key, value]) => key === "__defaults" || covers(live[key], value))
  );
}
