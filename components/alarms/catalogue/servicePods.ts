/** Alarms of a service on EKS, of what Container Insights tells of its pods. Errors and response time are not among it: checks from outside see those. */
import type { Input } from "@pulumi/pulumi";
import { type Colour, colours } from "../../colours.ts";
import { podMetrics } from "../../metrics/eks.ts";
import type { Metric } from "../../metrics/metric.ts";
import type { AlarmDefinition } from "../alarmDefinition.ts";
import type { Thresholds } from "../contract.ts";
import { atLevels } from "./levels.ts";
import { filled, idOf, ofService, type WatchedService } from "./watchedService.ts";

/** A service on EKS as its metrics name it. */
export interface WatchedPods extends Pick<WatchedService, "region" | "service" | "hosts" | "needs"> {
  /** Name of the EKS cluster. */
  readonly cluster: Input<string>;
  readonly namespace: Input<string>;
  /** Deployments of the colours that have an image; each is there with no pods, too. */
  readonly deployments: Readonly<Partial<Record<Colour, Input<string>>>>;
}

/** Minutes in which a Deployment may have fewer ready pods than it wants: new nodes and a release take that long. */
const gettingReady = 10;

/** Every alarm of a service on EKS; none where no colour has an image. */
export function podAlarms(watched: WatchedPods, thresholds: Thresholds["tasks"]): AlarmDefinition[] {
  return [...readinessAlarms(watched), ...useAlarms(watched, thresholds)];
}

type Pods = ReturnType<typeof podMetrics>;

/** Colours with a Deployment, and one metric of each under ids that end with the colour. */
function observed({ cluster, namespace, deployments }: WatchedPods) {
  const named = colours.flatMap((colour) => {
    const deployment = deployments[colour];
    return deployment === undefined ? [] : [{ colour, pods: podMetrics({ cluster, namespace, deployment }) }];
  });
  const running = named.map(({ colour }) => colour);
  const ofColours = (id: string, metric: (pods: Pods) => Metric): Record<string, Metric> =>
    Object.fromEntries(named.map(({ colour, pods }) => [idOf(id, colour), metric(pods)]));
  const worse = (value: (colour: Colour) => string) =>
    running.length === 1 ? running.map(value).join() : `MAX([${running.map(value).join(",")}])`;
  return { running, ofColours, worse };
}

function readinessAlarms(watched: WatchedPods): AlarmDefinition[] {
  const { service } = watched;
  const { running, ofColours, worse } = observed(watched);
  if (running.length === 0) return [];
  const ready = ofColours("ready", (pods) => pods.ready);
  // Both Deployments always report: no FILL, so that silence stays silence. A cluster without the add-on has never told anything, which
  // is no outage; one that ceased to tell is told of at P2, and the checks from outside page where nobody is served.
  const shared = {
    ...ofService(watched),
    kind: "symptom",
    runbook: "unhealthy-targets",
    periodSeconds: 60,
    missingData: "missing",
  } as const;
  return [
    {
      ...shared,
      key: `${service}-no-ready-pods`,
      severity: "P0",
      dead: true,
      likely: "a release whose pods do not start, or what their readiness check needs is down: the database first.",
      summary: `No pod of ${service} is ready: nobody is served.`,
      watch: {
        metrics: ready,
        expression: running.map((colour) => idOf("ready", colour)).join("+"),
        label: `${service}: ready pods`,
        unit: "pods",
      },
      comparison: "LessThanThreshold",
      threshold: 1,
      evaluationPeriods: 3,
      datapointsToAlarm: 2,
    },
    {
      ...shared,
      key: `${service}-few-ready-pods`,
      severity: "P2",
      likely: "pods that do not start or find no room on a node; without data: the cluster or its CloudWatch add-on.",
      summary: `A colour of ${service} has fewer ready pods than it is told to run, or the cluster ceased to tell.`,
      watch: {
        metrics: { ...ready, ...ofColours("desired", (pods) => pods.desired) },
        expression: worse((colour) => `${idOf("desired", colour)}-${idOf("ready", colour)}`),
        label: `${service}: pods that are missing in the worse colour`,
        unit: "pods",
      },
      comparison: "GreaterThanThreshold",
      threshold: 0,
      evaluationPeriods: gettingReady,
    },
  ];
}

function useAlarms(watched: WatchedPods, thresholds: Thresholds["tasks"]): AlarmDefinition[] {
  const { service } = watched;
  const { running, ofColours, worse } = observed(watched);
  if (running.length === 0) return [];
  // A colour without pods reports nothing of these.
  const shared = { ...ofService(watched), kind: "cause", comparison: "GreaterThanThreshold", missingData: "notBreaching" } as const;
  const watch = (id: "cpu" | "memory" | "restarts", label: string, unit: string) => ({
    metrics: ofColours(id, (pods) => pods[id]),
    expression: worse((colour) => filled(idOf(id, colour))),
    label: `${service}: ${label}`,
    unit,
  });
  const use = { ...shared, runbook: "task-resources", periodSeconds: 60, evaluationPeriods: 5 } as const;
  return [
    ...atLevels(thresholds.cpuPercent, {
      ...use,
      key: `${service}-cpu`,
      likely: "more requests than the pods are sized for, or a loop in the version that is released.",
      summary: `Pods of ${service} run out of CPU.`,
      watch: watch("cpu", "CPU of the busier colour, percent of its pods' limit", "percent"),
    }),
    ...atLevels(thresholds.memoryPercent, {
      ...use,
      key: `${service}-memory`,
      likely: "a leak in the version that is released, or pods that are too small.",
      summary: `Pods of ${service} run out of memory.`,
      watch: watch("memory", "memory of the busier colour, percent of its pods' limit", "percent"),
    }),
    ...atLevels(thresholds.restarts, {
      ...shared,
      key: `${service}-restarts`,
      runbook: "unhealthy-targets",
      periodSeconds: 900,
      evaluationPeriods: 1,
      likely: "a version that ends by itself, memory at its limit, or a liveness check that fails.",
      summary: `Containers of ${service} start again and again.`,
      watch: watch("restarts", "restarts of the worse colour", "restarts"),
    }),
  ];
}
