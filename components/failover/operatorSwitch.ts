/** Something that an operator states and Route 53 reads, without the region that is lost and without an update of the stack. */
import { MetricAlarm } from "@pulumi/aws/cloudwatch/metricAlarm.js";
import { HealthCheck } from "@pulumi/aws/route53/healthCheck.js";
import { Schedule } from "@pulumi/aws/scheduler/schedule.js";
import type { ComponentResourceOptions, Input, Output } from "@pulumi/pulumi";
import { entriesByName } from "../byName.ts";
import { Component, type Regional } from "../component.ts";
import { accepted, type Given } from "../contract/accepted.ts";
import { switchMetrics } from "../metrics/slipway.ts";
import { operatorSwitch } from "./contract.ts";

/**
 * Arguments of `OperatorSwitch`: those of its contract, and these. The region is one that does not share the fate of the region that
 * the switch is about.
 */
export interface OperatorSwitchArgs extends Given<typeof operatorSwitch>, Regional {
  /** Role that EventBridge Scheduler writes the metric with. */
  readonly roleArn: Input<string>;
}

/**
 * Two schedules write one metric every minute: one always 0, one 1 while the switch is on. An operator enables the second with
 * one call in the switch's region; its end date is the day on which the statement lapses. A plain alarm turns the metric into
 * health checks that are healthy while the switch is off, and keep their last status when the metric is silent: neither a new
 * check nor an outage of this region moves traffic.
 *
 * Whether the second schedule is on belongs to operators: an update of the stack leaves it as it is.
 *
 * @throws InputPropertiesError naming every argument that cannot be used
 */
export class OperatorSwitch extends Component {
  /** The real resources. */
  readonly nodes: { readonly schedule: Schedule; readonly alarm: MetricAlarm; readonly checks: readonly HealthCheck[] };
  /** Health checks, all alike: healthy while the switch is off. */
  readonly offCheckIds: readonly Output<string>[];

  constructor(name: string, args: OperatorSwitchArgs, opts?: ComponentResourceOptions) {
    const { switchName, checks } = accepted(name, operatorSwitch, args);
    super("slipway:failover:OperatorSwitch", name, args, opts);
    const { region } = args;
    this.#schedule(`${name}-beat`, `${switchName}-beat`, 0, args);
    const schedule = this.#schedule(name, switchName, 1, args);
    const { on } = switchMetrics(switchName);
    const alarm = this.child(MetricAlarm, name, {
      name: switchName,
      alarmDescription: args.description,
      namespace: on.namespace,
      metricName: on.name,
      dimensions: { ...on.dimensions },
      statistic: on.statistic,
      comparisonOperator: "GreaterThanOrEqualToThreshold",
      threshold: 1,
      period: 60,
      evaluationPeriods: 1,
      treatMissingData: "missing",
    });
    const offChecks = Array.from({ length: checks }, (_, index) => {
      const key = index === 0 ? `${name}-off` : `${name}-off-${["again", "third"][index - 1]}`;
      return this.child(HealthCheck, key, {
        type: "CLOUDWATCH_METRIC",
        cloudwatchAlarmName: alarm.name,
        cloudwatchAlarmRegion: region,
        insufficientDataHealthStatus: "LastKnownStatus",
      });
    });
    this.nodes = { schedule, alarm, checks: offChecks };
    this.offCheckIds = offChecks.map(({ id }) => id);
    this.registerOutputs();
  }

  #schedule(name: string, physicalName: string, value: 0 | 1, { switchName, description, roleArn }: OperatorSwitchArgs): Schedule {
    const { on } = switchMetrics(switchName);
    const operators = value === 1 ? { ignoreChanges: ["state", "endDate", "description"] } : {};
    return this.child(
      Schedule,
      name,
      {
        name: physicalName,
        description: value === 1 ? description : `Says every minute that ${switchName} is off`,
        scheduleExpression: "rate(1 minutes)",
        flexibleTimeWindow: { mode: "OFF" },
        state: value === 1 ? "DISABLED" : "ENABLED",
        target: {
          arn: "arn:aws:scheduler:::aws-sdk:cloudwatch:putMetricData",
          roleArn,
          input: JSON.stringify({
            Namespace: on.namespace,
            MetricData: [
              {
                MetricName: on.name,
                Dimensions: entriesByName(on.dimensions ?? {}).map(([Name, Value]) => ({ Name, Value })),
                Value: value,
              },
            ],
          }),
          // A minute's value is of no use later.
          retryPolicy: { maximumEventAgeInSeconds: 60, maximumRetryAttempts: 2 },
        },
      },
      { ...operators },
    );
  }
}
