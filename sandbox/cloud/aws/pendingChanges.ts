/** What RDS and ElastiCache take and do not do yet: changes that wait for the maintenance window, and parameters that wait for a reboot. */
import type { Properties } from "../../provider/values.ts";
import { type Outcome, onDelete, type Rule } from "../catalogue.ts";

/** What an instance waits for; no resource of the engine has this type. */
export const pendingValues = "aws:rds/instance:PendingModifiedValues";
/** What a replication group waits for; no resource of the engine has this type. */
export const pendingNodes = "aws:elasticache/replicationGroup:PendingModifiedValues";
/** A parameter group, of RDS or of a DocumentDB cluster, whose instances wait for a reboot; no resource of the engine has this type. */
export const pendingReboot = "aws:rds/parameterGroup:PendingReboot";

/** Source: RDS API, ModifyDBInstance, `ApplyImmediately`: these wait unless it is true. By property, as `PendingModifiedValues` names them. */
export const deferred = {
  allocatedStorage: "AllocatedStorage",
  caCertIdentifier: "CACertificateIdentifier",
  engineVersion: "EngineVersion",
  instanceClass: "DBInstanceClass",
  multiAz: "MultiAZ",
} as const;

/** Source: ElastiCache API, ModifyReplicationGroup, `ApplyImmediately`. By property, as `PendingModifiedValues` of a node names them. */
export const deferredNodes = { engineVersion: "EngineVersion", nodeType: "CacheNodeType" } as const;

/**
 * The provider puts into the state what it asked for; what is live stays as it was, and a refresh reads that.
 * @param names properties that wait  @param type of what keeps them
 */
export const leftForTheWindow =
  (names: readonly string[], type: string): Outcome =>
  (object, { store, before }) => {
    const { applyImmediately } = object.properties;
    if (before === undefined) return undefined;
    const differing = names.filter((name) => object.properties[name] !== before.properties[name]);
    const waiting = applyImmediately === true ? [] : differing;
    const of = ({ properties }: { readonly properties: Properties }): Properties =>
      Object.fromEntries(waiting.map((name) => [name, properties[name] ?? null]));
    store.put({ ...object, properties: { ...object.properties, ...of(before) } });
    const pending = { ...object, type, properties: of(object), createdFor: "pending" };
    if (waiting.length > 0) store.put(pending);
    else store.delete(pending);
    return undefined;
  };

/** Source: RDS guide, "Parameter groups", and DocumentDB guide, "Modifying cluster parameters": a static parameter takes effect after a reboot by hand; no maintenance window reboots for it. */
export const leftForAReboot: Outcome = (object, { store, before, sent }) => {
  const isStatic = JSON.stringify(object.properties.parameters ?? []).includes("pending-reboot");
  if (before !== undefined && sent.includes("parameters") && isStatic)
    store.put({ ...object, type: pendingReboot, properties: {}, createdFor: "pending" });
  return undefined;
};

/** What waits goes with what it waits for. */
export const nothingWaits = (type: string): Rule[] =>
  onDelete((_, { store, before }) => {
    const waiting = before === undefined ? undefined : store.get(type, before.id, before.scope);
    if (waiting !== undefined) store.delete(waiting);
  });
