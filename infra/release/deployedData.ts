/** What makes each deployed data store, the network around all of them and the stack itself the ones that they are, and which changes would replace them. */

import { showValue } from "../../components/contract/rule.ts";
import { standbys } from "../../components/environment/contract/failover.ts";
import { type Problem, setCommand } from "../config/problem.ts";
import type { StackConfig } from "../config/stack.ts";

type StoreArea = "databases" | "buckets";

/** Values by path below the store, `partitionKey.name`, that AWS fixes when the store is made. */
type FixedValues = Readonly<Record<string, string>>;

/** What every name of the stack begins with. */
const nameKeys = ["system", "environment"] as const;

/** Fixed values by area and store, of the network and of names; also an output of the stack. */
export type DeployedData = Readonly<Partial<Record<StoreArea, Readonly<Record<string, FixedValues>>>>> & {
  readonly names?: Readonly<Record<(typeof nameKeys)[number], string>>;
  /** The stack's own region. */
  readonly region?: string;
  /** Secrets whose value is in an entry of the stack's own. */
  readonly secrets?: readonly string[];
  /** Read replicas of each database that has any. */
  readonly readReplicas?: Readonly<Record<string, readonly string[]>>;
  readonly network?: { readonly cidr: string };
  /** Networks of standby regions, by role. */
  readonly standbys?: Readonly<Partial<Record<"secondary" | "tertiary", { readonly region: string; readonly cidr: string }>>>;
};

type Config = Pick<StackConfig, StoreArea | "aws" | "network" | "failover" | "protect" | "secrets" | (typeof nameKeys)[number]>;

/** The record that an update with this config leaves; areas without a store are left out. */
export function deployedData(config: Config): DeployedData {
  const record: Record<StoreArea, Record<string, FixedValues>> = {
    databases: mapOf(config.databases, databaseValues),
    buckets: mapOf(config.buckets, (bucket) => ({ lock: bucket.purpose === "documents" ? "yes" : "no" })),
  };
  const stores = Object.fromEntries(Object.entries(record).filter(([, stored]) => Object.keys(stored).length > 0));
  const networks = standbys(config).map(({ role, region, cidr }) => [role, { region, cidr }] as const);
  const secrets = Object.entries(config.secrets).flatMap(([path, { store }]) => (store === "secretsManager" ? [path] : []));
  const replicas = Object.entries(config.databases).map(([name, database]) => [name, replicasOf(database)] as const);
  const replicated = replicas.filter(([, some]) => some.length > 0);
  return {
    ...stores,
    ...(secrets.length === 0 ? {} : { secrets }),
    ...(replicated.length === 0 ? {} : { readReplicas: Object.fromEntries(replicated) }),
    names: { system: config.system, environment: config.environment },
    region: config.aws.region,
    network: { cidr: config.network.cidr },
    ...(networks.length === 0 ? {} : { standbys: Object.fromEntries(networks) }),
  };
}

function replicasOf(database: StackConfig["databases"][string]): string[] {
  return database.engine === "postgres" ? Object.keys(database.readReplicas) : [];
}

function databaseValues(database: StackConfig["databases"][string]): FixedValues {
  const { engine } = database;
  if (engine === "documentdb") return { engine, masterUser: database.masterUser };
  if (engine === "postgres") return { engine, databaseName: database.databaseName, masterUser: database.masterUser };
  return {
    engine,
    ...attribute("partitionKey", database.partitionKey),
    ...(database.sortKey === undefined ? {} : attribute("sortKey", database.sortKey)),
  };
}

function attribute(key: string, { name, type }: { readonly name: string; readonly type: string }): FixedValues {
  return { [`${key}.name`]: name, [`${key}.type`]: type };
}

/** Changes of what AWS fixes at creation: the store would be made anew, empty, and the old one deleted; or all of them would have to move. */
export function replacingDataChanges(config: Config, deployed: DeployedData): Problem[] {
  const wanted = deployedData(config);
  const stores = (["databases", "buckets"] as const).flatMap((area) =>
    Object.entries(wanted[area] ?? {}).flatMap(([store, values]) => {
      const before = deployed[area]?.[store];
      if (before === undefined) return [];
      const keys = before.engine === values.engine ? [...new Set([...Object.keys(before), ...Object.keys(values)])] : ["engine"];
      return keys.flatMap((key) => (before[key] === values[key] ? [] : [refusal(area, store, key, before[key], values[key])]));
    }),
  );
  const inStandbys = standbys(config).flatMap(({ role, region, cidr }) => {
    const before = deployed.standbys?.[role];
    return before?.region === region ? networkChange(["failover", role, "cidr"], cidr, before.cidr) : [];
  });
  const names = nameKeys.flatMap((key) => nameChange(key, config[key], deployed.names?.[key]));
  const moved = regionChange(config, deployed.region);
  // Of another region everything else is another too.
  if (moved.length > 0) return [...names, ...moved];
  const removed = config.protect ? removals(config, deployed) : [];
  return [
    ...names,
    ...removed,
    ...stores,
    ...networkChange(["network", "cidr"], config.network.cidr, deployed.network?.cidr),
    ...inStandbys,
  ];
}

function nameChange(key: string, now: string, before: string | undefined): Problem[] {
  if (before === undefined || before === now) return [];
  return [
    {
      path: [key],
      found: `is ${showValue(now)}`,
      reason: "names begin with it: the update would make everything anew, empty stores among it, and delete the old one with its data",
      allowed: `${showValue(before)}, as deployed; or another stack of that name, and the data moved`,
      fix: setCommand([key], before),
    },
  ];
}

function regionChange({ aws: { region } }: Config, before: string | undefined): Problem[] {
  if (before === undefined || before === region) return [];
  const path = ["aws", "region"];
  return [
    {
      path,
      found: `is ${showValue(region)}, and the primary region is ${before}`,
      reason: "everything would be replaced: made anew there, empty stores among it, and the old one deleted with its data",
      allowed: `${showValue(before)}, as deployed; or another stack for the other region, and the data moved`,
      fix: setCommand(path, before),
    },
  ];
}

/** What holds data or answers reads, and is in the config no more: the engine's protection would refuse it half way. */
function removals({ databases, buckets, secrets }: Config, deployed: DeployedData): Problem[] {
  const gone = (area: StoreArea, now: object) => Object.keys(deployed[area] ?? {}).filter((store) => !Object.hasOwn(now, store));
  const left = { databases: gone("databases", databases), buckets: gone("buckets", buckets) };
  const replicas = Object.entries(deployed.readReplicas ?? {}).flatMap(([name, some]) => {
    const database = databases[name];
    return database === undefined ? [] : some.filter((one) => !replicasOf(database).includes(one)).map((one) => [name, one] as const);
  });
  return [
    ...(["databases", "buckets"] as const).flatMap((area) =>
      left[area].map((store) => removal([area, store], "it would be deleted with what it holds, and one of another name is empty")),
    ),
    ...(deployed.secrets ?? [])
      .filter((path) => secrets[path]?.store !== "secretsManager")
      .map((path) => removal(["secrets", path], "its value would be lost with it, and a secret of another name is empty")),
    ...replicas.map(([name, one]) =>
      removal(
        ["databases", name, "readReplicas", one],
        "the replica would be deleted, and reads fail until the services that read from it restart",
      ),
    ),
  ];
}

function removal(path: readonly string[], reason: string): Problem {
  return {
    path,
    found: "is removed or renamed",
    reason: `${reason}; the stack is protected`,
    allowed:
      "the entry as it was, and another beside it; to remove it, set slipway:protect to false in one update and remove it in the next",
  };
}

function networkChange(path: readonly string[], now: string, before: string | undefined): Problem[] {
  if (before === undefined || before === now) return [];
  return [
    {
      path,
      found: `is ${showValue(now)}`,
      reason: "AWS fixes the address block when the network is made: it would be replaced by another, and no data store can move to it",
      allowed: `${showValue(before)}, as deployed; or another stack with the new block, and the data moved`,
      fix: setCommand(path, before),
    },
  ];
}

function refusal(area: StoreArea, store: string, key: string, before: string | undefined, now: string | undefined): Problem {
  const reason = "AWS fixes it when the store is made: the update would make an empty one and delete the old one with its data";
  if (area === "buckets") {
    const found = now === "yes" ? "is now documents, which are write-once" : "is documents no more, which are write-once";
    return {
      path: [area, store, "purpose"],
      found,
      reason,
      allowed: "another bucket by a new name; copy the objects, then remove this one",
    };
  }
  const path = [area, store, ...key.split(".")];
  return {
    path,
    found: now === undefined ? "is removed" : `is ${showValue(now)}`,
    reason,
    allowed: `${before === undefined ? "none" : showValue(before)}, as deployed; or another database by a new name, and the data moved`,
    ...(before === undefined ? {} : { fix: setCommand(path, before) }),
  };
}

function mapOf<In, Out>(stores: Readonly<Record<string, In>>, make: (store: In) => Out): Record<string, Out> {
  return Object.fromEntries(Object.entries(stores).map(([name, store]) => [name, make(store)]));
}
