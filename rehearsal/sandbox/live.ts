/** `slipway sandbox`: what exists in the simulated cloud. */

import Table from "cli-table3";
import { sandboxOf } from "../../ops/engine/backend.ts";
import type { Project } from "../../ops/project/project.ts";
import { UserError } from "../../ops/userError.ts";
import type { LiveObject, LiveStore } from "../../sandbox/cloud/liveStore.ts";
import { isObject, type Properties, type Value } from "../../sandbox/provider/values.ts";
import { openLiveStore } from "../../sandbox/sandbox.ts";

/** A table of what exists. */
export function listLive(project: Project, type: string | undefined): string {
  const objects = storeOf(project).all(type);
  const table = new Table({ head: ["type", "id", "scope"], style: { head: [], border: [] } });
  for (const object of objects.sort((a, b) => `${a.type}${a.id}`.localeCompare(`${b.type}${b.id}`)))
    table.push([object.type, object.id, object.scope]);
  return `${table.toString()}\n${objects.length} objects exist in the simulated cloud`;
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
