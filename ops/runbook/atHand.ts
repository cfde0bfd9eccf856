/** What a page is filled in for, and where the stack's state has the things that it names. Pure. */
import { standbys } from "../../components/environment/contract/failover.ts";
import { namedTypes, type PhysicalName, physicalNames, taskStandNames, trafficNames } from "../../infra/config/physicalNames.ts";
import type { StackConfig } from "../../infra/config/stack.ts";
import type { State, StateResource } from "../engine/state.ts";
import type { StackFlags } from "../project/stack.ts";
import { namedIn } from "../verify/places.ts";
import type { Subject } from "./subject.ts";
import type { WatchedAlarm } from "./watchedAlarm.ts";

/** What a page is filled in for. */
export interface AtHand {
  readonly config: StackConfig;
  readonly flags: StackFlags;
  readonly state: State;
  /** The page's slug. */
  readonly page: string;
  /** @default the page was asked for by its own name */
  readonly alarm: WatchedAlarm | undefined;
  readonly subject: Subject;
}

/** Types of which names do not tell by themselves. */
export const types = {
  certificate: "aws:acm/certificate:Certificate",
  distribution: "aws:cloudfront/distribution:Distribution",
  healthCheck: "aws:route53/healthCheck:HealthCheck",
  logGroup: "aws:cloudwatch/logGroup:LogGroup",
  role: "aws:iam/role:Role",
  queue: "aws:sqs/queue:Queue",
} as const;

/** What a service of the page is asked; undefined where the page names none. */
export function serviceOf({ config, subject }: AtHand, ask: (service: StackConfig["services"][string]) => string): string | undefined {
  const service = config.services[subject.named.service ?? ""];
  return service === undefined ? undefined : ask(service);
}

/** What the names of the service's traffic are asked, in the region at hand. */
export function traffic(
  { config, subject }: AtHand,
  ask: (names: ReturnType<typeof trafficNames>) => string | undefined,
): string | undefined {
  return ask(trafficNames(config, subject.region, subject.named.service ?? ""));
}

/** The endpoint that a check of the page asks; undefined where it names none. */
export function endpointOf({ config, subject }: AtHand): StackConfig["uptime"]["endpoints"][string] | undefined {
  return config.uptime.endpoints[subject.named.check ?? ""];
}

/** The kubeconfig's context of the stack's cluster; undefined without a cluster. */
export function contextOf({ kubernetes: { cluster } }: StackConfig): string | undefined {
  if (cluster === undefined) return undefined;
  return cluster.access.by === "eks" ? cluster.access.cluster : cluster.access.context;
}

/** What the stack calls a thing of its config, in the region at hand. */
export function rowOf({ config, subject }: AtHand, of: string, type: keyof typeof namedTypes, end = ""): PhysicalName | undefined {
  return physicalNames(config).find(
    (row) => row.region === subject.region && row.of === of && row.type === namedTypes[type] && row.whole.endsWith(end),
  );
}

/** A database of the page, as the state has it. */
export function store(at: AtHand, type: "postgres" | "documentDb" | "table"): StateResource | undefined {
  return found(at, rowOf(at, `databases.${at.subject.named.database}`, type));
}

/** A resource of the service's colour at hand: its target group, its ECS service. */
export function coloured(at: AtHand, type: string): StateResource | undefined {
  const { rule } = trafficNames(at.config, at.subject.region, at.subject.named.service ?? "");
  return tagged(at, type, `${rule}-${at.subject.colour}`);
}

/** The resource of a name in the state; undefined where it is not there. */
export function found(at: AtHand, row: PhysicalName | undefined): StateResource | undefined {
  return row === undefined ? undefined : tagged(at, row.type, row.whole);
}

/** A resource by the whole name that its tag has. */
export function tagged({ state, subject }: AtHand, type: string, whole: string | undefined): StateResource | undefined {
  return state.resources.find((resource) => {
    const { tags, region = subject.region } = resource.outputs ?? {};
    return resource.type === type && resource.delete !== true && region === subject.region && (tags as Tags | undefined)?.Name === whole;
  });
}

type Tags = Readonly<Record<string, unknown>>;

/** The first resource of a type in the region at hand. */
export function inRegion({ state, subject }: AtHand, type: string): StateResource | undefined {
  return state.resources.find(
    (resource) => resource.type === type && resource.delete !== true && resource.outputs?.region === subject.region,
  );
}

/** An output that is a text; undefined where there is none. */
export function textOf(resource: StateResource | undefined, property: string): string | undefined {
  const value = resource?.outputs?.[property];
  return typeof value === "string" ? value : undefined;
}

/** ECS cluster of the region at hand. */
export function clusterOf({ config, state, subject }: AtHand): string | undefined {
  return textOf(namedIn(state, namedTypes.cluster, taskStandNames(config, subject.region).cluster), "name");
}

/** Load balancer of the region at hand. */
export function loadBalancerOf(at: AtHand): StateResource | undefined {
  return found(at, rowOf(at, "loadBalancer", "loadBalancer"));
}

/** The same in the region that takes over: the one at hand where it stands by, else the first; undefined where there is none. */
export function inStandby(at: AtHand): AtHand | undefined {
  const regions = standbys(at.config).map(({ region }) => region);
  const region = regions.find((one) => one === at.subject.region) ?? regions[0];
  return region === undefined ? undefined : { ...at, subject: { ...at.subject, region } };
}
