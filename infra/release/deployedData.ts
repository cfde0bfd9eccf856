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
  readonly network?: { readonly cidr: string };
  /** Networks of standby regions, by role. */
  readonly standbys?: Readonly<Partial<Record<"secondary" | "tertiary", { readonly region: string; readonly cidr: string }>>>;
};

type Config = Pick<StackConfig, StoreArea | "network" | "failover" | (typeof nameKeys)[number]>;

/** The record that an update with this config leaves; areas without a store are left out. */
export function deployedData(config: Config): DeployedData {
  const record: Record<StoreArea, Record<string, FixedValues>> = {
    databases: mapOf(config.databases, databaseValues),
    buckets: mapOf(config.buckets, (bucket) => ({ lock: bucket.purpose === "documents" ? "yes" : "no" })),
  };
  const stores = Object.fromEntries(Object.entries(record).filter(([, stored]) => Object.keys(stored).length > 0));
  const networks = standbys(config).map(({ role, region, cidr }) => [role, { region, cidr }] as const);
  return {
    ...stores,
    names: { system: config.system, environment: config.environment },
    network: { cidr: config.network.cidr },
    ...(networks.length === 0 ? {} : { standbys: Object.fromEntries(networks) }),
  };
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
  return [...names, ...stores, ...networkChange(["network", "cidr"], config.network.cidr, deployed.network?.cidr), ...inStandbys];
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

function networkChange(path: readonly string[], now: string, before: string | undefined): Problem[] {
  if (before === undefined || before === now) return [];
  return [
    {
      path,
      found: `is ${showValue(now)}`,
      reason: "AWS fixes the address block when the network is made: the update would make another one, and no data store can move to it",
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
