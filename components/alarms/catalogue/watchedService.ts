/** A service as its alarms see it: what they watch, what they compare with, and the metrics that several of them share. */
import type { Input } from "@pulumi/pulumi";
import { type Colour, colours } from "../../colours.ts";
import type { Given } from "../../contract/accepted.ts";
import type { Metric, MetricMath } from "../../metrics/metric.ts";
import type { rollbackTriggers } from "../../rollback/contract.ts";
import type { Thresholds } from "../contract.ts";

/** A service as its metrics name it. */
export interface WatchedService {
  /** AWS region. */
  readonly region: string;
  /** Name in the config. */
  readonly service: string;
  /** Part of the load balancer's ARN that metrics use. */
  readonly loadBalancer: Input<string>;
  /** Part of each target group's ARN that metrics use. */
  readonly targetGroups: Readonly<Record<Colour, Input<string>>>;
  readonly clusterName: Input<string>;
  /** ECS service names of the colours that run something. */
  readonly serviceNames: Readonly<Partial<Record<Colour, Input<string>>>>;
  /** Tasks of a colour at full capacity, at least. */
  readonly minimumTasks: number;
}

/** What a service's alarms compare with. */
export type ServiceThresholds = Thresholds["requests"] & Thresholds["tasks"];

/** What sends a service's traffic back to its live colour, of what its own alarms tell. */
export type RollbackTriggers = Partial<Omit<Given<typeof rollbackTriggers>, "blockedRequests">>;

const namespace = "AWS/ApplicationELB";

function ofTargets({ loadBalancer, targetGroups }: WatchedService, colour: Colour, name: string, statistic: string): Metric {
  return { namespace, name, statistic, dimensions: { LoadBalancer: loadBalancer, TargetGroup: targetGroups[colour] } };
}

/** The same metric of both colours under ids that end with the colour: `requestsBlue`, `requestsGreen`. */
export function ofBoth(watched: WatchedService, id: string, name: string, statistic: string): Record<string, Metric> {
  return Object.fromEntries(colours.map((colour) => [idOf(id, colour), ofTargets(watched, colour, name, statistic)]));
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

/** Response time of the slower colour, seconds. */
export function latencyOf(watched: WatchedService, statistic: string, minimumRequests: number): MetricMath {
  return {
    metrics: {
      ...ofBoth(watched, "requests", "RequestCount", "Sum"),
      ...ofBoth(watched, "time", "TargetResponseTime", statistic),
    },
    expression: worst(minimumRequests, (colour) => filled(idOf("time", colour))),
    label: `${watched.service}: ${statistic} of the response time, seconds`,
  };
}
