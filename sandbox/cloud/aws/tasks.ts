/**
 * ECS's tasks: which start, and what its scheduler makes of those that do not. Facts of the guide are of the Amazon ECS developer guide; those of
 * the provider of terraform-provider-aws, internal/service/ecs/service.go.
 */
import { createHash } from "node:crypto";
import { isObject, objectsIn, type Properties } from "../../provider/values.ts";
import { CloudError, type Outcome, type ServiceTables } from "../catalogue.ts";
import { timeIn } from "../clock.ts";
import type { Place } from "../identity.ts";
import type { LiveObject, LiveStore } from "../liveStore.ts";
import { refusedUser } from "./databaseUsers.ts";
import { imageIn, mayAsk } from "./images.ts";
import { networkOf, type TaskNetwork, unreachable } from "./taskNetwork.ts";
import { isToCome, runsFrom } from "./taskPace.ts";
import { missingValue } from "./taskSecrets.ts";

export const serviceType = "aws:ecs/service:Service";
const revisionType = "aws:ecs/taskDefinition:TaskDefinition";

/** Kept beside the service; no resource of the engine has this type. */
const deploymentType = "aws:ecs/service:Deployment";

/** The primary deployment of a service, and its tasks. */
export interface Deployment {
  /** `ecs-svc/` and the number of the service's deployments so far. */
  readonly id: string;
  /** ARN of the task definition. */
  readonly revision: string;
  readonly rollout: "COMPLETED" | "FAILED";
  /** What is wrong; empty when nothing is. */
  readonly reason: string;
  /** Tasks that were started. */
  readonly started: number;
  /** Tasks that will be started then, ISO 8601. @default all are */
  readonly starting?: { readonly until: string; readonly tasks: number } | null;
  /** Revision of the last deployment that completed; empty before the first. */
  readonly completed: string;
  /** When the oldest of its tasks was asked for, ISO 8601. @default nobody noted it */
  readonly since?: string;
  /** Tasks of the deployment before take its place until then, ISO 8601. @default all are its own */
  readonly rolls?: string | null;
}

/** Of a live service as it is now. One from before deployments were kept runs what it was told. */
export function deploymentOf(store: LiveStore, { id, scope, properties }: LiveObject): Deployment {
  const revision = String(properties.taskDefinition);
  const whole = { id: "ecs-svc/1", revision, rollout: "COMPLETED", reason: "", started: desired(properties), completed: revision };
  return { ...whole, ...store.get(deploymentType, id, scope)?.properties } as Deployment;
}

/**
 * Tasks that run. More are started as soon as the service is told to run them, by whomever, where they can start: not in a stalled
 * deployment (guide, "Deployment circuit breaker"). Those of an image that has come to die are gone, whatever was started.
 */
export function runningTasks(store: LiveStore, service: LiveObject): number {
  const { revision, started, rollout, starting } = deploymentOf(store, service);
  if (diesOf(store, revision) !== undefined) return 0;
  const tasks = desired(service.properties);
  const underWay = isToCome(store, starting?.until);
  const stuck = rollout === "FAILED" || troubleOf(store, service) !== undefined;
  if (!stuck && !underWay) return tasks;
  return Math.min(starting && !underWay ? starting.tasks : started, tasks);
}

/** Tasks that are on their way: asked for, and not running yet. */
export function pendingTasks(store: LiveStore, service: LiveObject): number {
  const { starting } = deploymentOf(store, service);
  return isToCome(store, starting?.until) ? desired(service.properties) - runningTasks(store, service) : 0;
}

/** So many tasks stop, as one does whose host is lost, and the scheduler starts others. */
export function stopTasks(store: LiveStore, service: LiveObject, tasks: number): void {
  const until = troubleOf(store, service) === undefined ? runsFrom(store) : undefined;
  const starting = until === undefined ? null : { until, tasks: desired(service.properties) };
  keep(store, service, { ...deploymentOf(store, service), started: runningTasks(store, service) - tasks, starting });
}

/**
 * The service starts its tasks anew, of the revision that it has: new ones first, and old ones go when those run (guide, "Rolling update";
 * API reference, UpdateService, `forceNewDeployment`). Where new ones cannot start, the old ones stay.
 */
export function restartTasks(store: LiveStore, service: LiveObject): void {
  const was = deploymentOf(store, service);
  const trouble = desired(service.properties) === 0 ? undefined : troubleOf(store, service);
  const anew = { ...was, id: nextDeployment(was), starting: null };
  const fresh = {
    ...{ rollout: "COMPLETED" as const, reason: "", started: desired(service.properties), completed: was.revision },
    ...{ since: timeIn(store).toISOString(), rolls: runsFrom(store) ?? null },
  };
  keep(store, service, { ...anew, ...(trouble === undefined ? fresh : { rollout: "FAILED", reason: trouble }) });
}

/** Whether a restart's tasks are on their way still. */
export function rolls(store: LiveStore, { rolls: until }: Deployment): boolean {
  return isToCome(store, until ?? undefined);
}

/** Ids of a service's tasks, each of one deployment. */
export function taskIds(store: LiveStore, service: LiveObject): string[] {
  const { id } = deploymentOf(store, service);
  const idOf = (index: number) => createHash("sha256").update(`${service.id} ${id} ${index}`).digest("hex").slice(0, 32);
  return Array.from({ length: runningTasks(store, service) }, (_, index) => idOf(index));
}

function nextDeployment({ id }: Deployment): string {
  return `ecs-svc/${Number(id.split("/")[1] ?? 0) + 1}`;
}

/** With the service its deployment goes. */
export function forgetTasks(store: LiveStore, { id, scope }: LiveObject): void {
  const deployment = store.get(deploymentType, id, scope);
  if (deployment !== undefined) store.delete(deployment);
}

/**
 * The service is told to run so many tasks now, without a new deployment.
 * @param waited somebody waits until they run. @default nobody does
 */
export function scaleTasks(store: LiveStore, service: LiveObject, tasks: number, waited = false): void {
  const running = runningTasks(store, service);
  const scaled = { ...service, properties: { ...service.properties, desiredCount: tasks } };
  store.put(scaled);
  const reason = troubleOf(store, scaled) ?? "";
  const since = running === 0 ? { since: timeIn(store).toISOString() } : {};
  const told = { ...deploymentOf(store, service), reason, starting: null, ...since };
  const until = waited || tasks <= running || reason !== "" ? undefined : runsFrom(store);
  if (until !== undefined) keep(store, scaled, { ...told, started: running, starting: { until, tasks } });
  else keep(store, scaled, { ...told, started: runningTasks(store, scaled) });
}

/**
 * What becomes of a service that was made or changed, and that the provider waits for (`waitForSteadyState`). A change of nothing that is
 * sent calls neither UpdateService nor waits: the provider reads, and says success (`resourceServiceUpdate`).
 */
const deploy: Outcome = (service, { store, before, sent }) => {
  const relevant = sent.filter((key) => !["forceDelete", "tags", "tagsAll"].includes(key));
  if (before !== undefined && relevant.length === 0) return undefined;
  const was = before === undefined ? undefined : deploymentOf(store, before);
  const anew = was === undefined || sent.includes("taskDefinition") || service.properties.forceNewDeployment === true;
  const tasks = desired(service.properties);
  if (!anew) {
    scaleTasks(store, service, tasks, true);
    const short = runningTasks(store, service) < tasks;
    return short
      ? failed(service, "update", `timeout while waiting for state to become 'STABLE': ${deploymentOf(store, service).reason}`)
      : undefined;
  }
  const trouble = tasks === 0 ? undefined : troubleOf(store, service);
  const id = was === undefined ? "ecs-svc/1" : nextDeployment(was);
  const since = timeIn(store).toISOString();
  const fresh = { id, revision: String(service.properties.taskDefinition), started: tasks, since };
  if (trouble === undefined) {
    keep(store, service, { ...fresh, rollout: "COMPLETED", reason: "", completed: fresh.revision });
    return undefined;
  }
  const completed = was?.completed ?? "";
  // Half of the tasks, three at least, fail to start, and the breaker stops the deployment (guide, "Deployment circuit breaker").
  if (completed === "" || completed === fresh.revision) {
    // Nothing to go back to: "the circuit breaker does not launch new tasks and the deployment is stalled" (guide).
    keep(store, service, {
      ...fresh,
      started: was?.revision === fresh.revision ? was.started : 0,
      rollout: "FAILED",
      reason: trouble,
      completed,
    });
  } else {
    // A rollback is a deployment of the last completed revision; the provider's state has the one that was asked for.
    store.put({ ...service, properties: { ...service.properties, taskDefinition: completed } });
    keep(store, service, { ...fresh, revision: completed, started: was?.started ?? 0, rollout: "COMPLETED", reason: trouble, completed });
  }
  const breaker = completed === "" ? "" : " Rolled back to the last completed deployment.";
  return failed(service, before === undefined ? "create" : "update", `tasks failed to start.${breaker} ${trouble}`);
};

function failed({ id }: LiveObject, change: "create" | "update", reason: string): string {
  return `waiting for ECS Service (${id}) ${change}: ECS deployment circuit breaker: ${reason}`;
}

function desired({ desiredCount }: Properties): number {
  return Number(desiredCount ?? 0);
}

function keep(store: LiveStore, { id, scope, createdFor }: LiveObject, deployment: Deployment): void {
  store.put({ type: deploymentType, id, scope, properties: { ...deployment }, createdFor });
}

/** Why a service's tasks cannot start, or end at once; undefined when they can. */
function troubleOf(store: LiveStore, service: LiveObject): string | undefined {
  const revision = String(service.properties.taskDefinition);
  const [account = "", region = ""] = service.scope.split("/");
  const cannot = cannotStart(store, revision, networkOf(service.properties.networkConfiguration), { account, region });
  return cannot ?? diesOf(store, revision) ?? refusedUser(store, containersOf(store, revision), account);
}

/** Why tasks of a revision cannot start; undefined when they can. @param network where they stand. @default nobody asks what they reach */
export function cannotStart(store: LiveStore, revision: string, network: TaskNetwork | undefined, place: Place): string | undefined {
  const containers = containersOf(store, revision);
  const cut = network && unreachable(store, network, containers, place);
  if (cut !== undefined) return cut;
  for (const container of containers) {
    const { image } = container;
    const ref = imageOf(String(image));
    // Pulls of other registries are believed.
    if (ref !== undefined && imageIn(store, ref.place, ref) === undefined)
      return `CannotPullContainerError: pull image manifest has been retried 1 time(s): failed to resolve ref ${image}: ${image}: not found`;
    if (ref !== undefined && !mayAsk(store, ref.place, ref.repository, place.account, "ecr:BatchGetImage"))
      return `CannotPullContainerError: pull image manifest has been retried 1 time(s): failed to resolve ref ${image}: unexpected status from HEAD request: 403 Forbidden`;
    const unset = missingValue(store, container, place.account);
    if (unset !== undefined) return unset;
  }
  return undefined;
}

/** Why tasks of a revision die when they have started. */
function diesOf(store: LiveStore, revision: string): string | undefined {
  const dead = containersOf(store, revision).some(({ image }) => {
    const ref = imageOf(String(image));
    return ref !== undefined && imageIn(store, ref.place, ref)?.properties.fate === "dies";
  });
  return dead ? "Essential container in task exited" : undefined;
}

/** Containers of a task definition. @param revision its ARN */
export function containersOf(store: LiveStore, revision: string): Properties[] {
  const [found] = store.all(revisionType).filter(({ id, properties }) => [id, properties.arn].includes(revision));
  const definitions = found?.properties.containerDefinitions;
  return typeof definitions === "string" ? objectsIn(JSON.parse(definitions)) : [];
}

function imageOf(uri: string): { readonly place: Place; readonly repository: string; readonly digest: string } | undefined {
  const [, account, region, repository, digest] = /^(\d{12})\.dkr\.ecr\.([a-z0-9-]+)\.amazonaws\.com\/(.+)@(sha256:.+)$/.exec(uri) ?? [];
  if (account === undefined || region === undefined || repository === undefined || digest === undefined) return undefined;
  return { place: { account, region }, repository, digest };
}

export const tasks: ServiceTables = {
  outcomes: { [serviceType]: deploy },
  invokes: {
    "aws:ecs/getService:getService": ({ clusterArn, serviceName, region }, { store, place }) => {
      const scope = `${place.account}/${typeof region === "string" && region !== "" ? region : place.region}`;
      const service = store
        .all(serviceType)
        .find(
          ({ scope: there, properties: { cluster, name } }) =>
            there === scope && name === serviceName && String(cluster).split("/")[1] === String(clusterArn).split("/").at(-1),
        );
      if (service === undefined) throw new CloudError("reading ECS Service", `(${String(serviceName)}): couldn't find resource`);
      const { id, revision } = deploymentOf(store, service);
      const counts = {
        desiredCount: desired(service.properties),
        runningCount: runningTasks(store, service),
        pendingCount: pendingTasks(store, service),
      };
      const names = { id: service.id, arn: service.id, clusterArn: String(clusterArn), serviceName: String(serviceName) };
      return {
        ...names,
        ...counts,
        status: "ACTIVE",
        taskDefinition: revision,
        deployments: [{ id, status: "PRIMARY", taskDefinition: revision, ...counts }],
      };
    },
    "aws:ecs/getTaskDefinition:getTaskDefinition": ({ taskDefinition }, { store }) => {
      const found = store.all(revisionType).find(({ properties }) => properties.arn === taskDefinition);
      if (found === undefined) throw new CloudError("ClientException", "Unable to describe task definition.");
      return { ...found.properties, id: String(taskDefinition), taskDefinition: String(taskDefinition) };
    },
    // Only services are asked for.
    "aws:resourcegroupstaggingapi/getResources:getResources": ({ region, tagFilters }, { store, place }) => {
      const scope = `${place.account}/${typeof region === "string" && region !== "" ? region : place.region}`;
      const wanted = objectsIn(tagFilters).map(({ key, values }) => [String(key), values] as const);
      const found = store.all(serviceType).flatMap(({ id, scope: there, properties: { tagsAll } }) => {
        const tags = isObject(tagsAll) ? tagsAll : {};
        const carries = ([key, values]: (typeof wanted)[number]) => Array.isArray(values) && values.includes(tags[key] ?? "");
        return there === scope && wanted.every(carries) ? [{ resourceArn: id, tags }] : [];
      });
      return { id: place.account, region: scope.split("/")[1] ?? "", resourceTagMappingLists: found };
    },
  },
};
