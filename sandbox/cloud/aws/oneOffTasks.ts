/** Tasks that ECS is told to run once (API reference, RunTask): what comes of them is known at once. */

import { listOf } from "../../provider/values.ts";
import { onDelete, type ServiceTables } from "../catalogue.ts";
import type { Place } from "../identity.ts";
import type { LiveObject, LiveStore } from "../liveStore.ts";
import { makeUser, variablesOf } from "./databaseUsers.ts";
import type { TaskNetwork } from "./taskNetwork.ts";
import { cannotStart, containersOf } from "./tasks.ts";

/** No resource of the engine has this type. */
export const oneOffType = "aws:ecs/task:Task";

/** How a task ended. */
export interface Ended {
  readonly stopCode: "EssentialContainerExited" | "TaskFailedToStart";
  readonly reason: string;
  /** Of its container. @default it never started */
  readonly exitCode?: number;
}

/** Runs a task to its end. What its container does is known of the one kind that this cloud can tell: `psql` as a database's master user. */
export function runOnce(store: LiveStore, revision: string, network: TaskNetwork, place: Place): Ended {
  const containers = containersOf(store, revision);
  const reason = cannotStart(store, revision, network, place);
  if (reason !== undefined) return { stopCode: "TaskFailedToStart", reason };
  const exited = (exitCode: number): Ended => ({
    stopCode: "EssentialContainerExited",
    reason: "Essential container in task exited",
    exitCode,
  });
  for (const variables of containers.map(variablesOf)) {
    const [host, user, database] = ["PGHOST", "APPLICATION_USER", "PGDATABASE"].map((name) => variables.get(name));
    if (host === undefined || user === undefined || database === undefined) continue;
    const server = store.all("aws:rds/instance:Instance").find(({ properties }) => properties.address === host);
    // psql ends with 2 where it gets no connection (PostgreSQL, psql, "Exit Status").
    if (server === undefined || !admits(store, server, network)) return exited(2);
    makeUser(store, place.account, user, database);
  }
  return exited(0);
}

/** Whether a server's groups let in one of the task's. */
function admits(store: LiveStore, { properties }: LiveObject, { securityGroups }: TaskNetwork): boolean {
  const groups = listOf(properties.vpcSecurityGroupIds);
  const rules = store.all("aws:vpc/securityGroupIngressRule:SecurityGroupIngressRule").map((rule) => rule.properties);
  return rules.some(
    ({ securityGroupId, referencedSecurityGroupId, fromPort }) =>
      groups.includes(securityGroupId ?? "") && securityGroups.includes(String(referencedSecurityGroupId)) && fromPort === properties.port,
  );
}

/** A stopped task is told of for an hour (API reference, DescribeTasks): here until its cluster goes. */
export const oneOffTasks: ServiceTables = {
  rules: {
    "aws:ecs/cluster:Cluster": onDelete((_, { store, before }) => {
      for (const task of store.all(oneOffType)) if (task.properties.cluster === before?.id) store.delete(task);
    }),
  },
};
