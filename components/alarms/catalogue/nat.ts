/** Alarms of a NAT gateway: the way out of private subnets. */
import type { Input } from "@pulumi/pulumi";
import type { Metric } from "../../metrics/metric.ts";
import type { AlarmDefinition } from "../alarmDefinition.ts";

/** Every alarm of the gateway of one zone. */
export function natAlarms({
  region,
  zone,
  id,
}: {
  readonly region: string;
  readonly zone: string;
  readonly id: Input<string>;
}): AlarmDefinition[] {
  const sum = (name: string): Metric => ({ namespace: "AWS/NATGateway", name, statistic: "Sum", dimensions: { NatGatewayId: id } });
  const shared = { region, subject: `nat-${zone}`, kind: "cause", severity: "P2", periodSeconds: 60, missingData: "notBreaching" } as const;
  return [
    {
      ...shared,
      key: `nat-${zone}-ports`,
      summary: `The NAT gateway of ${zone} has no ports left for one destination: new connections out fail.`,
      runbook: "nat-gateway",
      watch: sum("ErrorPortAllocation"),
      comparison: "GreaterThanThreshold",
      threshold: 0,
      evaluationPeriods: 15,
      datapointsToAlarm: 5,
    },
    {
      ...shared,
      key: `nat-${zone}-drops`,
      summary: `The NAT gateway of ${zone} drops packets.`,
      runbook: "nat-gateway",
      watch: {
        metrics: { dropped: sum("PacketsDropCount"), out: sum("PacketsOutToDestination"), back: sum("PacketsInFromDestination") },
        expression: "IF(FILL(out,0)+FILL(back,0)>0,100*FILL(dropped,0)/(FILL(out,0)+FILL(back,0)),0)",
        label: `${zone}: packets dropped, percent`,
      },
      comparison: "GreaterThanThreshold",
      threshold: 0.01,
      evaluationPeriods: 5,
    },
  ];
}
