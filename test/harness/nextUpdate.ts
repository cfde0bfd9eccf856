/**
 * One update after another on a simulated cloud, without an engine: what the first declares is there, and the second is applied in an
 * engine's order. A replaced object goes first where its name is given by hand or the program says so, with what depends on it; what is no longer declared
 * goes last.
 */
import { mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { aws } from "../../sandbox/cloud/aws/catalogue.ts";
import { Cloud } from "../../sandbox/cloud/cloud.ts";
import { cloudflare } from "../../sandbox/cloud/cloudflare/catalogue.ts";
import { LiveStore } from "../../sandbox/cloud/liveStore.ts";
import { Resources } from "../../sandbox/provider/resources.ts";
import type { Properties } from "../../sandbox/provider/values.ts";
import type { Registered } from "./graph.ts";

/** An object as the engine has it in its state. */
interface Held {
  readonly resource: Registered;
  readonly id: string;
  readonly properties: Properties;
}

const place = { account: "123456789012", region: "us-east-1" };
/** Whatever other objects point at. */
const everything = { has: () => true } as unknown as ReadonlySet<string>;

interface Between {
  /** What somebody else does in the cloud before the first update. @default nothing */
  readonly before?: (store: LiveStore) => void;
  /** The state is refreshed before the second update, as drift runs do. @default false */
  readonly refresh?: boolean;
  /** Looks at what the second update left. @default nobody does */
  readonly after?: (store: LiveStore) => void;
}

/**
 * Applies two declarations of a stack, of the types that are named.
 * @returns what the second update did, in order: `update A www.example.com`, by the object's type or priority and name
 * @throws CloudError with what the cloud refused, Error where a protected object would go
 */
export function nextUpdate(
  before: readonly Registered[],
  after: readonly Registered[],
  types: readonly string[],
  between: Between = {},
): string[] {
  const folder = mkdtempSync(join(tmpdir(), "slipway-next-"));
  try {
    const store = new LiveStore(folder);
    between.before?.(store);
    const done = applied(store, chosen(before, types), chosen(after, types), between.refresh ?? false);
    between.after?.(store);
    return done;
  } finally {
    rmSync(folder, { recursive: true });
  }
}

function applied(store: LiveStore, before: readonly Registered[], after: readonly Registered[], refresh: boolean): string[] {
  const clouds = { aws: new Cloud(aws, store, everything), cloudflare: new Cloud(cloudflare, store, everything) };
  const cloudOf = ({ type }: Registered) => new Resources(type.startsWith("aws:") ? clouds.aws : clouds.cloudflare);
  const held = new Map<string, Held>();
  const done: string[] = [];
  const note = (what: string, { inputs, name }: Registered) =>
    done.push(`${what} ${String(inputs.type ?? inputs.priority ?? "")} ${String(inputs.name ?? name)}`);
  const make = (resource: Registered) => {
    const made = cloudOf(resource).create(resource.urn, resource.checked, place, false);
    held.set(resource.urn, { resource, ...made });
    note("create", resource);
  };
  const remove = ({ resource, id, properties }: Held) => {
    if (resource.retainOnDelete) return;
    if (resource.protect) throw new Error(`resource ${resource.urn} cannot be deleted`); // the engine's own words
    cloudOf(resource).delete(resource.urn, id, properties, place);
    note("delete", resource);
  };
  const removeWithDependents = (object: Held) => {
    for (const other of [...held.values()])
      if (Object.values(other.resource.references).flat().includes(object.resource.urn)) removeWithDependents(other);
    if (held.delete(object.resource.urn)) remove(object);
  };
  for (const resource of before) make(resource);
  if (refresh)
    for (const [urn, { resource, id, properties }] of held) {
      const live = cloudOf(resource).read(urn, id, properties, resource.checked, place);
      if (live === undefined) throw new Error(`${urn} is gone`);
      held.set(urn, { id, properties: live.properties, resource: { ...resource, checked: live.inputs } });
    }
  done.length = 0;
  const last: Held[] = [];
  for (const resource of after) {
    const object = held.get(resource.urn);
    if (object === undefined) {
      make(resource);
      continue;
    }
    const { checked } = object.resource;
    const { changes, replaces, deleteBeforeReplace } = cloudOf(resource).diff(resource.urn, object.properties, checked, resource.checked);
    if (changes.every(({ path }) => resource.ignoreChanges.includes(String(path[0])))) continue;
    const forced = changes.some(({ path }) => resource.replaceOnChanges.includes(String(path[0])));
    if (replaces.length === 0 && !forced) {
      const properties = cloudOf(resource).update(resource.urn, object.id, object.properties, resource.checked, place, false);
      held.set(resource.urn, { ...object, resource, properties });
      note("update", resource);
    } else {
      if (deleteBeforeReplace || resource.deleteBeforeReplace) removeWithDependents(object);
      else last.push(object);
      make(resource);
    }
  }
  const wanted = new Set(after.map(({ urn }) => urn));
  for (const object of [...last, ...[...held.values()].filter(({ resource }) => !wanted.has(resource.urn))]) remove(object);
  return done;
}

function chosen(graph: readonly Registered[], types: readonly string[]): Registered[] {
  return graph.filter(({ type }) => types.includes(type));
}
