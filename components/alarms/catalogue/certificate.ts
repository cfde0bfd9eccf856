/** Alarms of a certificate: ACM renews it by itself, as long as its records are there. */
import type { Input } from "@pulumi/pulumi";
import { certificateMetrics } from "../../metrics/certificateManager.ts";
import type { AlarmDefinition } from "../alarmDefinition.ts";
import { atLevels, type Levels } from "./levels.ts";

/** Every alarm of a certificate. @param daysLeft fewer days than this to its end */
export function certificateAlarms(
  {
    region,
    name,
    certificateArn,
    hosts = [],
  }: { readonly region: string; readonly name: string; readonly certificateArn: Input<string>; readonly hosts?: readonly string[] },
  daysLeft: Levels,
): AlarmDefinition[] {
  return atLevels(daysLeft, {
    region,
    subject: `certificate-${name}`,
    hosts,
    key: `certificate-${name}-expiry`,
    kind: "symptom",
    likely: "the record that proves the domain to ACM is gone from the zone.",
    summary: `Certificate ${name} was not renewed and ends soon: after that no browser connects.`,
    runbook: "certificate-renewal",
    watch: certificateMetrics(certificateArn).daysLeft,
    dashboard: "edge",
    comparison: "LessThanThreshold",
    periodSeconds: 86_400,
    evaluationPeriods: 1,
    // Told twice a day, and no more once it has expired: the alarm has to stay.
    missingData: "ignore",
  });
}
