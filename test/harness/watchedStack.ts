/** The alarms of a shipped stack as the graph has them, and worlds of metrics to look at them with. */
import { compositeState, type MetricSource, metricAlarm } from "../../sandbox/cloudWatch/evaluator.ts";
import type { AlarmState } from "../../sandbox/events/alarmState.ts";
import { configOf, type Edits, exampleStacks } from "./config.ts";
import { declaredGraph } from "./declaredGraph.ts";
import type { Registered } from "./graph.ts";

/** Every stack that is shipped with alarms. */
export const watchedStacks: readonly string[] = ["production", "staging", ...exampleStacks];

const types = {
  metric: "aws:cloudwatch/metricAlarm:MetricAlarm",
  composite: "aws:cloudwatch/compositeAlarm:CompositeAlarm",
  topic: "aws:sns/topic:Topic",
  subscription: "aws:sns/topicSubscription:TopicSubscription",
  slack: "aws:chatbot/slackChannelConfiguration:SlackChannelConfiguration",
} as const;

/** One alarm of either kind. */
export interface WatchedAlarm {
  readonly name: string;
  /** Name without the stack's and the region's part. */
  readonly key: string;
  readonly region: string;
  readonly severity: string;
  readonly resource: Registered;
  /** Rule of a composite alarm. */
  readonly rule?: string;
}

/** A stack's graph with a closer look at its alarms. */
export class WatchedStack {
  readonly resources: readonly Registered[];
  readonly alarms: readonly WatchedAlarm[];

  private constructor(resources: readonly Registered[]) {
    this.resources = resources;
    // An operator's switch is an alarm too, which Route 53 reads and nobody is told of; beside it is one for people.
    const told = resources.filter(({ urn }) => !urn.includes("slipway:failover:OperatorSwitch"));
    this.alarms = told.filter(({ type }) => type === types.metric || type === types.composite).map(alarmOf);
  }

  static async of(stack: string, edits: Edits = {}): Promise<WatchedStack> {
    const config = configOf(stack, edits);
    return new WatchedStack(await declaredGraph(config));
  }

  get metricAlarms(): readonly WatchedAlarm[] {
    return this.alarms.filter(({ rule }) => rule === undefined);
  }

  get compositeAlarms(): readonly WatchedAlarm[] {
    return this.alarms.filter(({ rule }) => rule !== undefined);
  }

  alarm(key: string): WatchedAlarm {
    const found = this.alarms.find((alarm) => alarm.key === key);
    if (found === undefined) throw new Error(`no alarm ${key}; there are ${this.alarms.map((alarm) => alarm.key).join(", ")}`);
    return found;
  }

  /** Topics that an alarm's actions name, with their regions. */
  topicsOf({ resource }: WatchedAlarm, property: "alarmActions" | "okActions"): { urn: string; region: string }[] {
    const named = resource.references[property] ?? [];
    return this.resources
      .filter(({ type, urn }) => type === types.topic && named.includes(urn))
      .map(({ urn, inputs }) => ({ urn, region: String(inputs.region) }));
  }

  /** How many subscribers a topic has, Slack among them. */
  subscribersOf(topicUrn: string): number {
    const names = (resource: Registered, property: string) => (resource.references[property] ?? []).includes(topicUrn);
    return this.resources.filter(
      (resource) =>
        (resource.type === types.subscription && names(resource, "topic")) ||
        (resource.type === types.slack && names(resource, "snsTopicArns")),
    ).length;
  }

  /**
   * Pages that somebody gets in a region, by key: what rings, tells a topic of P0 or P1, and is not inhibited by what it waits for.
   * Composite alarms may name their suppressor only in their own region.
   */
  pagesWhen(source: MetricSource, region: string): string[] {
    const states = this.states(source);
    const named = (alarm: WatchedAlarm) => `${alarm.region} ${alarm.name}`;
    const ringing = new Set(this.alarms.filter(({ name }) => states[name] === "ALARM").map(named));
    return this.alarms
      .filter((alarm) => alarm.region === region && ringing.has(named(alarm)))
      .filter((alarm) => this.topicsOf(alarm, "alarmActions").some(({ urn }) => /-P[01]$/.test(urn)))
      .filter(({ resource }) => {
        const { alarm } = (resource.inputs.actionsSuppressor ?? {}) as { alarm?: string };
        return alarm === undefined || !ringing.has(`${region} ${alarm}`);
      })
      .map(({ key }) => key)
      .sort();
  }

  /**
   * A day on which a database of a region is dead and all is well besides: it is silent, what asks it from inside hears nothing, no
   * task of the services that need it is healthy, the load balancer and the checks from outside get nothing of them, and what the
   * applications report is bad.
   * @param targets names of what asks the database from inside the region
   * @param checks keys of the alarms on checks that ask these services from outside; those of the region do
   */
  deadDatabase(database: string, services: readonly string[], targets: readonly string[], checks: readonly string[]): MetricSource {
    const good = world("good", this);
    const bad = world("bad", this);
    const groups = new Set(
      this.metricAlarms
        .filter(({ key }) => services.some((service) => key === `${service}-no-healthy-targets`))
        .flatMap(({ resource }) => (resource.inputs.metricQueries as { metric?: { dimensions: Record<string, string> } }[]) ?? [])
        .flatMap(({ metric }) => metric?.dimensions.TargetGroup ?? []),
    );
    const asking = this.metricAlarms.filter(({ key }) => checks.includes(key) || key.startsWith("region-down-"));
    const ids = new Set(asking.map(({ resource }) => (resource.inputs.dimensions as Record<string, string>).HealthCheckId ?? ""));
    const server = new RegExp(`-db-${database}(?:-[0-9a-f]{7,8})?$`);
    return (metric, from, to) => {
      const { namespace, dimensions } = metric;
      if (/^AWS\/(?:RDS|DocDB)$/.test(namespace))
        return Object.values(dimensions).some((of) => server.test(of)) ? undefined : good(metric, from, to);
      if (namespace === "Slipway/Reachability") return targets.includes(dimensions.Target ?? "") ? 0 : 1;
      const ofService = namespace === "AWS/ApplicationELB" && groups.has(dimensions.TargetGroup ?? "");
      const ofPods =
        namespace === "ContainerInsights" && services.some((service) => dimensions.PodName?.replace(/-[a-z]+$/, "") === service);
      const ofAll = namespace === "AWS/ApplicationELB" && dimensions.TargetGroup === undefined;
      const beyond =
        ids.has(dimensions.HealthCheckId ?? "") || !/^(?:AWS|ECS|Slipway|ContainerInsights|ApplicationSignals)\b/.test(namespace);
      return (ofService || ofPods || ofAll || beyond ? bad : good)(metric, from, to);
    };
  }

  /** State of every alarm by name when the metrics say this at that second. */
  states(source: MetricSource, now = 10_000_000): Record<string, AlarmState> {
    const states = new Map<string, AlarmState>();
    for (const { name, resource } of this.metricAlarms) states.set(name, metricAlarm(resource.inputs).stateAt(now, source));
    const stateOf = (name: string): AlarmState => {
      const known = states.get(name);
      if (known !== undefined) return known;
      const composite = this.compositeAlarms.find((alarm) => alarm.name === name);
      if (composite?.rule === undefined) throw new Error(`a rule names ${name}, which is no alarm`);
      const state = compositeState(composite.rule, stateOf);
      states.set(name, state);
      return state;
    };
    return Object.fromEntries(this.alarms.map(({ name }) => [name, stateOf(name)]));
  }
}

function alarmOf(resource: Registered): WatchedAlarm {
  const { inputs } = resource;
  const name = String(inputs.name ?? inputs.alarmName);
  const [, key = ""] = /^[a-z]+-[a-z]+-[a-z]+\d-(.+)$/.exec(name) ?? [];
  const tags = inputs.tags as Record<string, string>;
  return {
    name,
    key,
    region: String(inputs.region),
    severity: tags.Severity ?? "",
    resource,
    ...(inputs.alarmRule === undefined ? {} : { rule: String(inputs.alarmRule) }),
  };
}

/** Values of every metric on a good day, and on one on which everything is wrong at once. */
const values: Readonly<Record<string, readonly [good: number, bad: number]>> = {
  "AWS/ApplicationELB RequestCount": [1000, 1000],
  "AWS/ApplicationELB HTTPCode_Target_5XX_Count": [0, 900],
  "AWS/ApplicationELB HTTPCode_Target_4XX_Count": [0, 900],
  "AWS/ApplicationELB HTTPCode_ELB_5XX_Count": [0, 900],
  "AWS/ApplicationELB TargetResponseTime": [0.1, 30],
  "AWS/ApplicationELB HealthyHostCount": [20, 0],
  "AWS/ApplicationELB UnHealthyHostCount": [0, 2],
  "AWS/ApplicationELB TargetConnectionErrorCount": [0, 100],
  "AWS/ApplicationELB RejectedConnectionCount": [0, 100],
  "AWS/ApplicationELB ClientTLSNegotiationErrorCount": [0, 1000],
  "AWS/ECS CPUUtilization": [30, 99],
  "AWS/ECS MemoryUtilization": [30, 99],
  "ECS/ContainerInsights EphemeralStorageUtilized": [1, 20],
  "ECS/ContainerInsights EphemeralStorageReserved": [20, 20],
  "ContainerInsights replicas_desired": [2, 2],
  "ContainerInsights replicas_ready": [2, 0],
  "ContainerInsights pod_cpu_utilization_over_pod_limit": [30, 99],
  "ContainerInsights pod_memory_utilization_over_pod_limit": [30, 99],
  "ContainerInsights pod_number_of_container_restarts": [0, 20],
  "AWS/RDS CPUUtilization": [30, 99],
  "AWS/RDS FreeStorageSpace": [1e13, 0],
  "AWS/RDS FreeableMemory": [1e12, 0],
  "AWS/RDS DatabaseConnections": [10, 5000],
  "AWS/RDS EBSByteBalance%": [100, 0],
  "AWS/RDS MaximumUsedTransactionIDs": [1e6, 2e9],
  "AWS/RDS ReplicaLag": [0, 3600],
  "AWS/DocDB CPUUtilization": [30, 99],
  "AWS/DocDB FreeableMemory": [1e12, 0],
  "AWS/DocDB DatabaseConnections": [10, 5000],
  "AWS/DocDB DBClusterReplicaLagMaximum": [10, 3_600_000],
  "AWS/DynamoDB SystemErrors": [0, 5],
  "AWS/DynamoDB ReadThrottleEvents": [0, 5],
  "AWS/DynamoDB WriteThrottleEvents": [0, 5],
  "AWS/ElastiCache EngineCPUUtilization": [10, 99],
  "AWS/ElastiCache DatabaseMemoryUsagePercentage": [10, 99],
  "AWS/ElastiCache Evictions": [0, 10_000],
  "AWS/ElastiCache ReplicationLag": [0, 60],
  "AWS/NATGateway ErrorPortAllocation": [0, 10],
  "AWS/NATGateway PacketsDropCount": [0, 1000],
  "AWS/NATGateway PacketsOutToDestination": [10_000, 10_000],
  "AWS/NATGateway PacketsInFromDestination": [10_000, 10_000],
  "AWS/CloudFront 5xxErrorRate": [0, 50],
  "AWS/CertificateManager DaysToExpiry": [200, 1],
  "AWS/Billing EstimatedCharges": [1, 1e9],
  "AWS/WAFV2 BlockedRequests": [0, 1e6],
  "AWS/Backup NumberOfBackupJobsCompleted": [1, 0],
  "AWS/Backup NumberOfCopyJobsFailed": [0, 2],
  "AWS/Backup NumberOfRestoreJobsFailed": [0, 2],
  "AWS/Events FailedInvocations": [0, 2],
  "Slipway/Failover SwitchOn": [0, 1],
  "AWS/Route53 HealthCheckStatus": [1, 0],
  "AWS/SNS NumberOfMessagesPublished": [3, 3],
  "AWS/SNS NumberOfNotificationsDelivered": [6, 0],
  "AWS/SNS NumberOfNotificationsFailed": [0, 1],
};

/** A world in which every metric has its good or bad value. Applications' own metrics are told by their alarms' direction. */
export function world(which: "good" | "bad", stack: WatchedStack): MetricSource {
  const own = new Map(
    stack.metricAlarms
      .filter(({ resource }) => resource.inputs.metricName !== undefined)
      .map(({ resource: { inputs } }) => [`${String(inputs.namespace)} ${String(inputs.metricName)}`, inputs.comparisonOperator]),
  );
  // A candidate is worst where it is worse than the other colour, too. The alarm of failing targets watches it alone.
  const candidates = stack.metricAlarms
    .filter(({ key }) => key.endsWith("-rollback-unhealthy-targets"))
    .flatMap(({ resource }) => resource.inputs.metricQueries as { metric?: { dimensions: { TargetGroup: string } } }[])
    .map(({ metric }) => metric?.dimensions.TargetGroup);
  return ({ namespace, name, statistic, dimensions }) => {
    if (statistic === "SampleCount") return which === "good" ? 1 : undefined;
    const key = `${namespace} ${name}`;
    if (name === "TargetResponseTime" && which === "bad" && !candidates.includes(dimensions?.TargetGroup)) return 10;
    const known = values[key];
    if (known !== undefined) return known[which === "good" ? 0 : 1];
    const highIsBad = String(own.get(key)).startsWith("Greater");
    return highIsBad === (which === "bad") ? 1e13 : -1;
  };
}
