/** What runs the tasks of one colour of a service, on ECS or on a cluster, as a restart asks it. */
import { carriedServices, regionRoles } from "../../components/environment/contract/failover.ts";
import { namedTypes, trafficNames } from "../../infra/config/physicalNames.ts";
import { type Colour, colours } from "../../infra/config/release.ts";
import type { Updated } from "../release/releasedService.ts";
import { UserError } from "../userError.ts";
import { namedIn } from "../verify/places.ts";

/** How a rollout of a colour stands: its tasks are all there, on their way, or did not start. */
export type Rollout =
  | { readonly state: "completed" | "inProgress" }
  /** What the scheduler says of it. */
  | { readonly state: "failed"; readonly reason: string };

/** One colour as it is. */
export interface RunnerState {
  /** Tasks that it is told to run, and those that run. */
  readonly wanted: number;
  readonly running: number;
  /** What its tasks are made of: the task definition's ARN, or the generation of the pod template. */
  readonly revision: string;
  readonly rollout: Rollout;
}

/** One colour of a service in one region. */
export interface Runner {
  readonly service: string;
  readonly region: string;
  readonly colour: Colour;
  /** `api-blue`, in another region than the stack's own `api-blue in eu-west-1`. */
  readonly where: string;
  /** @throws UserError when nobody can tell */
  readonly read: () => Promise<RunnerState>;
  /** Starts its tasks anew, of what they are made of now: new ones first, old ones after. @throws UserError when it is refused */
  readonly restart: () => Promise<void>;
  /** Has it run so many tasks. @throws UserError when it is refused */
  readonly run: (tasks: number) => Promise<void>;
  /** When the oldest of its tasks was asked for; undefined where none runs. @throws UserError when nobody can tell */
  readonly oldest: () => Promise<Date | undefined>;
}

/** Every colour that the state has tasks for, the primary region first. */
export function runnersOf(update: Updated): Runner[] {
  return regionRoles(update.config).flatMap(({ role, region }) =>
    Object.entries(update.config.services).flatMap(([service, { compute }]) => {
      if (role !== "primary" && !carriedServices(update.config).includes(service)) return [];
      return colours.flatMap((colour) => {
        const place = { service, region, colour, where: `${service}-${colour}${role === "primary" ? "" : ` in ${region}`}` };
        return (compute === "ecs" ? onEcs(place, update) : role === "primary" ? onCluster(place, update) : undefined) ?? [];
      });
    }),
  );
}

type Place = Pick<Runner, "service" | "region" | "colour" | "where">;

function onEcs(place: Place, { config, state, aws }: Updated): Runner | undefined {
  const { service, region, colour, where } = place;
  const outputs = namedIn(state, namedTypes.service, `${trafficNames(config, region, service).rule}-${colour}`)?.outputs;
  if (outputs === undefined) return undefined;
  const [cluster, name] = [String(outputs.cluster), String(outputs.name)];
  const ecs = () => aws.client("ecs", region);
  return {
    ...place,
    read: async () => {
      const { services: [live] = [] } = await aws.told(
        `${where} cannot be read`,
        (await ecs()).describeServices({ cluster, services: [name] }),
      );
      const primary = live?.deployments?.find(({ status }) => status === "PRIMARY");
      if (live === undefined || primary === undefined) throw new UserError(`${where} is not in ${aws.cloud}: ECS has no service ${name}.`);
      const { rolloutState, rolloutStateReason: reason = "", taskDefinition: revision = "" } = primary;
      const rollout =
        rolloutState === "FAILED" ? { state: "failed" as const, reason } : { state: ecsStates[rolloutState ?? ""] ?? "inProgress" };
      return { wanted: live.desiredCount ?? 0, running: live.runningCount ?? 0, revision, rollout };
    },
    // API reference, UpdateService: without a task definition the service keeps its own, which is the state's.
    restart: async () => {
      await aws.told(`${where} is not restarted`, (await ecs()).updateService({ cluster, service: name, forceNewDeployment: true }));
    },
    run: async (desiredCount) => {
      await aws.told(
        `${where} is not told to run ${desiredCount} tasks`,
        (await ecs()).updateService({ cluster, service: name, desiredCount }),
      );
    },
    oldest: async () => {
      const client = await ecs();
      const listed = client.paginateListTasks({ cluster, serviceName: name });
      const pages = await aws.told(`The tasks of ${where} cannot be listed`, Array.fromAsync(listed));
      const found: Date[] = [];
      for (const { taskArns: tasks = [] } of pages.filter(({ taskArns = [] }) => taskArns.length > 0)) {
        const { tasks: read = [] } = await aws.told(`The tasks of ${where} cannot be read`, client.describeTasks({ cluster, tasks }));
        found.push(...read.flatMap(({ createdAt }) => createdAt ?? []));
      }
      return found.toSorted((a, b) => a.getTime() - b.getTime())[0];
    },
  };
}

const ecsStates: Readonly<Record<string, "completed" | "inProgress">> = { COMPLETED: "completed" };

/** What is read of a Deployment. */
interface LiveDeployment {
  readonly metadata?: { readonly generation?: number };
  readonly spec?: { readonly replicas?: number };
  readonly status?: {
    readonly observedGeneration?: number;
    readonly replicas?: number;
    readonly updatedReplicas?: number;
    readonly readyReplicas?: number;
    readonly conditions?: readonly {
      readonly type: string;
      readonly reason?: string;
      readonly message?: string;
      readonly lastUpdateTime?: string;
    }[];
  };
}

function onCluster(place: Place, { config, state, cluster, aws }: Updated): Runner | undefined {
  const namespace = config.kubernetes.cluster?.namespace;
  const name = `${place.service}-${place.colour}`;
  const known = state.resources.some(
    ({ type, id, delete: leaving }) => type === namedTypes.deployment && id === `${namespace}/${name}` && leaving !== true,
  );
  if (namespace === undefined || !known) return undefined;
  const object = { type: namedTypes.deployment, namespace, name };
  const live = async (): Promise<LiveDeployment> => {
    const found = await cluster.read(object);
    if (found === undefined) throw new UserError(`${place.where} is not on the cluster: it has no Deployment ${namespace}/${name}.`);
    return found;
  };
  return {
    ...place,
    read: async () => {
      const { metadata = {}, spec = {}, status = {} } = await live();
      const { replicas = 0, updatedReplicas = 0, readyReplicas = 0, observedGeneration = 0 } = status;
      const progress = status.conditions?.find(({ type }) => type === "Progressing");
      const wanted = spec.replicas ?? 1;
      const whole =
        observedGeneration >= (metadata.generation ?? 0) &&
        updatedReplicas >= wanted &&
        replicas <= updatedReplicas &&
        readyReplicas >= wanted;
      const rollout: Rollout =
        progress?.reason === "ProgressDeadlineExceeded"
          ? { state: "failed", reason: progress.message ?? progress.reason }
          : { state: whole ? "completed" : "inProgress" };
      return { wanted, running: readyReplicas, revision: String(metadata.generation ?? 0), rollout };
    },
    // As `kubectl rollout restart` does it: pods are of the template, and an annotation makes it another one.
    restart: () =>
      cluster.patch(object, {
        spec: { template: { metadata: { annotations: { "kubectl.kubernetes.io/restartedAt": aws.now().toISOString() } } } },
      }),
    run: (replicas) => cluster.patch(object, { spec: { replicas } }),
    // When the last rollout ended: pods that were replaced since are younger, none is older.
    oldest: async () => {
      const at = (await live()).status?.conditions?.find(({ type }) => type === "Progressing")?.lastUpdateTime;
      return at === undefined ? undefined : new Date(at);
    },
  };
}
