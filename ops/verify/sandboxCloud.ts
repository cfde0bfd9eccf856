/** A verification's questions, answered by the simulated cloud. */
import { runningTasks } from "../../sandbox/aws/loadBalancing.ts";
import type { LiveObject, LiveStore } from "../../sandbox/cloud/liveStore.ts";
import { alarms, nameOf, stateOf } from "../../sandbox/events/alarmState.ts";
import { isObject } from "../../sandbox/provider/values.ts";
import { UserError } from "../userError.ts";
import type { DatabaseKind, DatabasePlace, Place, TargetHealth, VerifiedCloud } from "./cloud.ts";

/** Type and name of a database in the live store. */
const kinds: Readonly<Record<DatabaseKind, readonly [type: string, name: string, state: string]>> = {
  "rds instance": ["aws:rds/instance:Instance", "identifier", "available"],
  "docdb cluster": ["aws:docdb/cluster:Cluster", "clusterIdentifier", "available"],
  "docdb instance": ["aws:docdb/clusterInstance:ClusterInstance", "identifier", "available"],
  "dynamodb table": ["aws:dynamodb/table:Table", "name", "ACTIVE"],
};

/** One live store. */
export class SandboxCloud implements VerifiedCloud {
  readonly #store: LiveStore;

  constructor(store: LiveStore) {
    this.#store = store;
  }

  async weights({ arn, region }: Place): Promise<ReadonlyMap<string, number>> {
    const { properties } = this.#found("aws:lb/listenerRule:ListenerRule", region, ({ id }) => id === arn, `the rule ${arn}`);
    const [action] = Array.isArray(properties.actions) ? properties.actions : [];
    const forward = isObject(action) && isObject(action.forward) ? action.forward : {};
    const groups = Array.isArray(forward.targetGroups) ? forward.targetGroups.filter(isObject) : [];
    return new Map(groups.map((group) => [String(group.arn), Number(group.weight ?? 1)]));
  }

  /** Every task that is wanted runs and is healthy. */
  async targetHealth({ arn, region }: Place): Promise<TargetHealth> {
    this.#found("aws:lb/targetGroup:TargetGroup", region, ({ id }) => id === arn, `the target group ${arn}`);
    const tasks = runningTasks(arn, this.#store);
    return { healthy: tasks, all: tasks };
  }

  /** A database that is there is available, unless somebody has set another state. */
  async databaseState({ kind, region, identifier }: DatabasePlace): Promise<string> {
    const [type, name, state] = kinds[kind];
    const { properties } = this.#found(type, region, (object) => object.properties[name] === identifier, `the ${kind} ${identifier}`);
    return String(properties.status ?? state);
  }

  async ringing(region: string, prefix: string): Promise<readonly string[]> {
    return alarms(this.#store)
      .filter((alarm) => alarm.scope.endsWith(`/${region}`) && nameOf(alarm).startsWith(prefix))
      .filter((alarm) => stateOf(this.#store, alarm) === "ALARM")
      .map(nameOf);
  }

  #found(type: string, region: string, is: (object: LiveObject) => boolean, what: string): LiveObject {
    const found = this.#store.all(type).find((object) => object.scope.endsWith(`/${region}`) && is(object));
    if (found === undefined) throw new UserError(`There is no ${what.replace(/^the /, "")} in ${region} of the simulated cloud.`);
    return found;
  }
}
