/** `slipway sandbox`: what exists in the simulated cloud. */

import { sandboxOf } from "../../ops/engine/backend.ts";
import type { Project } from "../../ops/project/project.ts";
import { UserError } from "../../ops/userError.ts";
import type { LiveObject, LiveStore } from "../../sandbox/cloud/liveStore.ts";
import { isObject, type Properties, type Value } from "../../sandbox/provider/values.ts";
import { openLiveStore } from "../../sandbox/sandbox.ts";

/** What exists, by type and scope. Ids stand whole, a line each: they are wider than any column, and are copied. */
export function listLive(project: Project, type: string | undefined): string {
  const objects = storeOf(project).all(type);
  const groups = Map.groupBy(objects, (object) => `${object.type} in ${object.scope}`);
  const lines = [...groups]
    .sort(([a], [b]) => a.localeCompare(b))
    .flatMap(([group, members]) => [group, ...members.map(({ id }) => `  ${id}`).sort((a, b) => a.localeCompare(b))]);
  return [...lines, `${objects.length} objects exist in the simulated cloud`].join("\n");
}

/** One object as JSON. @throws UserError when no object has the id */
export function showLive(project: Project, id: string): string {
  return JSON.stringify(find(storeOf(project), id), null, 2);
}

/** Changes one property of a live object, without the engine. @returns what was changed */
export function setLive(project: Project, id: string, path: string, value: string): string {
  const store = storeOf(project);
  const object = find(store, id);
  const properties = structuredClone(object.properties);
  const before = replaceAt(properties, path, parse(value));
  store.put({ ...object, properties });
  return `${object.type} ${id}: ${path} was ${JSON.stringify(before)}, is ${value}`;
}

function storeOf(project: Project): LiveStore {
  return openLiveStore(sandboxOf(project).folder);
}

function find(store: LiveStore, id: string): LiveObject {
  const object = store.all().find((candidate) => candidate.id === id);
  if (object === undefined) throw new UserError(`Nothing in the simulated cloud has the id ${id}. See: slipway sandbox list`);
  return object;
}

function replaceAt(bag: Properties, path: string, value: Value): Value | undefined {
  const parts = path.split(/[.[\]]+/).filter((part) => part !== "");
  const last = parts.pop() ?? "";
  let holder: Value | undefined = bag;
  for (const part of parts) holder = Array.isArray(holder) ? holder[Number(part)] : isObject(holder) ? holder[part] : undefined;
  if (Array.isArray(holder) && Number(last) < holder.length) {
    const before = holder[Number(last)];
    holder[Number(last)] = value;
    return before;
  }
  if (isObject(holder)) {
    const before = holder[last];
    holder[last] = value;
    return before;
  }
  throw new UserError(`There is no property ${path}.`);
}

function parse(text: string): Value {
  try {
    return JSON.parse(text) as Value;
  } catch {
    return text;
  }
}
