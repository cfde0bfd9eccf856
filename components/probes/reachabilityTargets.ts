/** What is asked from inside the network, the metrics of the answers, and the alarms on them. */
import type { Input } from "@pulumi/pulumi";
import type { AlarmDefinition } from "../alarms/alarmDefinition.ts";
import type { Accepted, Given } from "../contract/accepted.ts";
import { reachabilityMetrics } from "../metrics/slipway.ts";
import { queueMetrics } from "../metrics/sqs.ts";
import type { reachability, rpcTarget, serverTarget } from "./contract.ts";

/** A server in the network. */
type ServerTarget = Given<typeof serverTarget> & {
  readonly host: Input<string>;
  /** Security group in front of it. */
  readonly securityGroupId: Input<string>;
};

/** A node of a blockchain that is asked for its newest block. */
type RpcTarget = Given<typeof rpcTarget> & {
  /** Path of the SSM parameter that holds the node's URL, which may carry a key. */
  readonly parameter: string;
  /** ARN of that parameter. */
  readonly parameterArn: Input<string>;
};

export type ReachabilityTarget = ServerTarget | RpcTarget;

/** Which targets are watched, and where. */
interface WatchedTargets extends Accepted<typeof reachability> {
  /** AWS region. */
  readonly region: string;
  /** Name of the stack, a dimension of the metrics. */
  readonly stack: string;
}

/** One alarm for each target, and one for rounds that were lost. */
export function reachabilityAlarms(args: WatchedTargets, deadLetterQueue: Input<string>): AlarmDefinition[] {
  const { region, stack, targets, everyMinutes } = args;
  const shared = { region, dashboard: "data" as const, kind: "symptom" as const, runbook: "reachability" };
  return [
    ...Object.entries(targets).map(
      ([name, { severity, kind }]): AlarmDefinition => ({
        ...shared,
        subject: `reachability-${name}`,
        key: `reachability-${name}`,
        severity,
        likely:
          kind === "jsonRpc"
            ? "the provider of the node is down, or its key has run out; else the way out of the network."
            : "the server is down or out of connections; else a security group or a route that was changed.",
        summary:
          kind === "jsonRpc"
            ? `The blockchain node ${name} tells no block number.`
            : `${name} takes no connections from inside the network.`,
        watch: reachabilityMetrics(stack, name).reachable,
        comparison: "LessThanThreshold",
        threshold: 1,
        periodSeconds: everyMinutes * 60,
        evaluationPeriods: 3,
        datapointsToAlarm: 2,
        // Nothing is known when the function does not run; that is no better than a bad answer.
        missingData: "breaching",
      }),
    ),
    {
      ...shared,
      key: "reachability-lost-rounds",
      severity: "P2",
      kind: "cause",
      likely: "the function failed or was throttled: its log says why.",
      summary: "Rounds of the function that asks databases and nodes were lost.",
      watch: queueMetrics(deadLetterQueue).waiting,
      comparison: "GreaterThanThreshold",
      threshold: 0,
      periodSeconds: 300,
      evaluationPeriods: 1,
      missingData: "notBreaching",
    },
  ];
}
