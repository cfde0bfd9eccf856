/** A service as its alarms see it: what they watch, what they compare with, and the metrics that several of them share. */
import type { Input } from "@pulumi/pulumi";
import { type Colour, colours } from "../../colours.ts";
import type { Accepted } from "../../contract/accepted.ts";
import { responseTime, type TargetMetric, targetMetrics } from "../../metrics/applicationLoadBalancer.ts";
import type { Metric, MetricMath } from "../../metrics/metric.ts";
import type { rollbackTriggers } from "../../rollback/contract.ts";
import type { Thresholds } from "../contract.ts";

/** A service as its metrics name it. */
export interface WatchedService {
  /** AWS region. */
  readonly region: string;
  /** Name in the config. */
  readonly service: string;
  /** Host names that users reach it by. @default it has none */
  readonly hosts?: readonly string[];
  /** Subjects of the stores that it uses: its pages wait for theirs. @default none */
  readonly needs?: readonly string[];
  /** Part of the load balancer's ARN that metrics use. */
  readonly loadBalancer: Input<string>;
  /** Part of each target group's ARN that metrics use. */
  readonly targetGroups: Readonly<Record<Colour, Input<string>>>;
  readonly clusterName: Input<string>;
  /** ECS service names of the colours that run something. */
  readonly serviceNames: Readonly<Partial<Record<Colour, Input<string>>>>;
  /** Tasks of a colour at full capacity, at least. */
  readonly minimumTasks: number;
  /** Colour that a rollback takes everything from. */
  readonly candidate: Colour;
}

/** What a service's alarms compare with. */
export type ServiceThresholds = Thresholds["requests"] & Thresholds["tasks"];

/** What sends a service's traffic back to its live colour, of what its own alarms tell. */
export type RollbackTriggers = Partial<Omit<Accepted<typeof rollbackTriggers>, "blockedRequests">>;

/** What a service's alarms share, whatever they watch. */
export function ofService({ region, service, hosts = [], needs = [] }: Pick<WatchedService, "region" | "service" | "hosts" | "needs">) {
  return { region, subject: service, dashboard: "service", hosts, needs } as const;
}

/** How the candidate's slow answers are compared with the other colour's. */
export type TailTrigger = NonNullable<RollbackTriggers["tail"]>;

type OfTargets = (metrics: Readonly<Record<TargetMetric, Metric>>) => Metric;

/** The same metric of both colours under ids that end with the colour: `requestsBlue`, `requestsGreen`. */
export function ofBoth({ loadBalancer, targetGroups }: WatchedService, id: string, metric: OfTargets): Record<string, Metric> {
  return Object.fromEntries(colours.map((colour) => [idOf(id, colour), metric(targetMetrics(loadBalancer, targetGroups[colour]))]));
}

/** Requests of both colours. */
export function requestsOf(watched: WatchedService): Record<string, Metric> {
  return ofBoth(watched, "requests", ({ requests }) => requests);
}

/** Answers of 500 to 599 of both colours. */
export function serverErrorsOf(watched: WatchedService): Record<string, Metric> {
  return ofBoth(watched, "server", ({ serverErrors }) => serverErrors);
}

/** Id of one colour's metric. */
export function idOf(id: string, colour: Colour): string {
  return `${id}${colour === "blue" ? "Blue" : "Green"}`;
}

/** A metric with 0 where there is no value. */
export const filled = (id: string) => `FILL(${id},0)`;

/** Sum of both colours. */
export const total = (id: string) => colours.map((colour) => filled(idOf(id, colour))).join("+");

/** The worse of both colours, of those that had enough requests. */
export const worst = (minimum: number, value: (colour: Colour) => string) =>
  `MAX([${colours.map((colour) => `IF(${filled(idOf("requests", colour))}>=${minimum},${value(colour)},0)`).join(",")}])`;

/** Response time of the slower colour. @param key of its threshold: `average`, `p95` */
export function latencyOf(watched: WatchedService, key: string, minimumRequests: number): MetricMath {
  return {
    metrics: {
      ...requestsOf(watched),
      ...ofBoth(watched, "time", (metrics) => responseTime(metrics, key)),
    },
    expression: worst(minimumRequests, (colour) => filled(idOf("time", colour))),
    label: `${watched.service}: ${key} of the response time, seconds`,
    unit: "seconds",
  };
}
