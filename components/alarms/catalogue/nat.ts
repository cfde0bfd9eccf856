/** Alarms of a NAT gateway: the way out of private subnets. */
import type { Input } from "@pulumi/pulumi";
import { natMetrics } from "../../metrics/natGateway.ts";
import type { AlarmDefinition } from "../alarmDefinition.ts";

/** The gateway of one zone, as its metrics name it. */
interface WatchedNat {
  /** AWS region. */
  readonly region: string;
  readonly zone: string;
  readonly id: Input<string>;
}

/** Every alarm of a gateway. */
export function natAlarms({ region, zone, id }: WatchedNat): AlarmDefinition[] {
  const { noPort, dropped, packetsOut: out, packetsBack: back } = natMetrics(id);
  const shared = {
    region,
    subject: `nat-${zone}`,
    dashboard: "region",
    kind: "cause",
    severity: "P2",
    periodSeconds: 60,
    missingData: "notBreaching",
  } as const;
  return [
    {
      ...shared,
      key: `nat-${zone}-ports`,
      likely: "one destination that is asked by very many connections, which a pool or an endpoint would keep open.",
      summary: `The NAT gateway of ${zone} has no ports left for one destination: new connections out fail.`,
      runbook: "nat-gateway",
      watch: noPort,
      comparison: "GreaterThanThreshold",
      threshold: 0,
      evaluationPeriods: 15,
      datapointsToAlarm: 5,
    },
    {
      ...shared,
      key: `nat-${zone}-drops`,
      likely: "more traffic than one gateway carries, or a fault in its zone.",
      summary: `The NAT gateway of ${zone} drops packets.`,
      runbook: "nat-gateway",
      watch: {
        metrics: { dropped, out, back },
        expression: "IF(FILL(out,0)+FILL(back,0)>0,100*FILL(dropped,0)/(FILL(out,0)+FILL(back,0)),0)",
        label: `${zone}: packets dropped, percent`,
        unit: "percent of packets",
      },
      comparison: "GreaterThanThreshold",
      threshold: 0.01,
      evaluationPeriods: 5,
    },
  ];
}
