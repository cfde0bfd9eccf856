/** What has to be seen of failover: regions that are down, data that falls behind, and statements of operators that are in force. */
import type { Input } from "@pulumi/pulumi";
import type { AlarmDefinition } from "../components/alarms/alarmDefinition.ts";
import { databaseSubject } from "../components/alarms/subjects.ts";
import {
  approvalRegion,
  carriedServices,
  type RegionRole,
  type SwitchKind,
  switchName,
} from "../components/environment/contract/failover.ts";
import { regionCode } from "../components/environment/regionCode.ts";
import { globalMetricsRegion } from "../components/metrics/metric.ts";
import { replicationLag } from "../components/metrics/rds.ts";
import { healthCheckMetrics } from "../components/metrics/route53.ts";
import { switchMetrics } from "../components/metrics/slipway.ts";
import { needsIn } from "./config/alarmNeeds.ts";
import type { StackConfig } from "./config/stack.ts";
import type { StackRegion } from "./region.ts";

/** Seconds that a replica may be behind before somebody is notified: a fifth of the 15 minutes that a critical store may lose. */
const lagSeconds = 180;

/**
 * Alarms of a stack that fails over.
 * @param checks regions with the check that says whether they answer
 * @param standbys regions whose databases are replicas
 * @param stack its name, for the commands that summaries tell
 */
export function failoverAlarms(
  config: StackConfig,
  checks: readonly (RegionRole & { readonly checkId: Input<string> | undefined })[],
  standbys: readonly StackRegion[],
  stack: string,
): AlarmDefinition[] {
  return [
    ...checks.map(
      ({ role, region, host, checkId = "" }): AlarmDefinition => ({
        key: `region-down-${regionCode(region)}`,
        region: globalMetricsRegion,
        subject: `region-${regionCode(region)}`,
        hosts: [host],
        needs: needsIn(globalMetricsRegion, region, carriedServices(config)),
        severity: role === "primary" ? "P0" : "P2",
        kind: "symptom",
        likely: "the region's services or what they need are down, or Route 53's checkers are kept out; else the region itself.",
        summary:
          role === "primary"
            ? `${region} does not answer Route 53's health checkers: traffic leaves it, or waits for an approval`
            : `${region}, which stands by, does not answer: it could not take over now`,
        runbook: "failover",
        watch: healthCheckMetrics(checkId).status,
        dashboard: "region",
        comparison: "LessThanThreshold",
        threshold: 1,
        periodSeconds: 60,
        evaluationPeriods: 3,
        missingData: "breaching",
      }),
    ),
    ...checks
      .slice(0, -1)
      .flatMap(({ region, policy }) => [
        ...(policy === "manual_approval" ? switchAlarms(config, stack, "approve", region) : []),
        ...switchAlarms(config, stack, "withdraw", region),
      ]),
    ...standbys.flatMap(({ name: region, data }) =>
      Object.entries(data.databases).flatMap(([name, database]): AlarmDefinition[] =>
        database.kind === "network"
          ? [
              {
                key: `replica-behind-${regionCode(region)}-${name}`,
                region,
                severity: "P1",
                kind: "symptom",
                needs: needsIn(region, config.aws.region, [databaseSubject(name)]),
                likely:
                  "the database that it copies is down, more writes than the replica keeps up with, or replication that was broken off.",
                summary: `The replica of ${name} in ${region} is more than ${lagSeconds / 60} minutes behind: that much would be lost now`,
                runbook: "promote-replica",
                watch: replicationLag(database.identifier),
                dashboard: "data",
                comparison: "GreaterThanThreshold",
                threshold: lagSeconds,
                periodSeconds: 60,
                evaluationPeriods: 10,
                missingData: "breaching",
              },
            ]
          : [],
      ),
    ),
  ];
}

/** Somebody is notified while a statement holds, and when nobody could make one. */
function switchAlarms(config: StackConfig, stack: string, kind: SwitchKind, region: string): AlarmDefinition[] {
  const name = switchName(config, kind, region);
  const approvalsIn = approvalRegion(config);
  const shared = {
    region: approvalsIn,
    kind: "symptom" as const,
    dashboard: "region" as const,
    periodSeconds: 60,
  };
  const ends = kind === "approve" ? "revoke" : "restore";
  const words = kind === "approve" ? "an approval to leave" : "the withdrawal of";
  return [
    {
      ...shared,
      key: `${kind}-on-${regionCode(region)}`,
      severity: "P1",
      likely: "somebody has said so for a failover or a failback, and has not taken it back.",
      summary: `${words[0]?.toUpperCase()}${words.slice(1)} ${region} is in force; it is ended by slipway failover ${ends} --stack ${stack} --region ${region}`,
      runbook: "region-approval",
      watch: switchMetrics(name).on,
      comparison: "GreaterThanOrEqualToThreshold",
      threshold: 1,
      evaluationPeriods: 1,
      missingData: "ignore",
    },
    {
      ...shared,
      key: `${kind}-silent-${regionCode(region)}`,
      severity: "P2",
      likely: "the schedule that writes it is off, or its role was changed.",
      summary: `The switch ${name} in ${approvalsIn} has said nothing for ten minutes: ${words} ${region} would not reach Route 53`,
      runbook: "region-approval",
      watch: switchMetrics(name).told,
      comparison: "LessThanThreshold",
      threshold: 1,
      evaluationPeriods: 10,
      missingData: "breaching",
    },
  ];
}
