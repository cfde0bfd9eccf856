/** Alarm of an AWS WAF web ACL: an attack, or a rule that blocks people. */
import { type MeasuredWebAcl, webAclMetrics } from "../../metrics/waf.ts";
import type { AlarmDefinition } from "../alarmDefinition.ts";
import { atLevels, type Levels } from "./levels.ts";

/** A web ACL as its metrics name it. */
interface WatchedWebAcl extends MeasuredWebAcl {
  /** Service whose traffic goes back when it fires: an attacker can then force a rollback. @default none */
  readonly rollback?: string | undefined;
}

/** Every alarm of a web ACL. @param blockedPerMinute requests blocked in a minute, more than */
export function webAclAlarms({ region, metricName, rollback }: WatchedWebAcl, blockedPerMinute: Levels): AlarmDefinition[] {
  return atLevels(blockedPerMinute, {
    region,
    subject: "waf",
    key: "waf-blocked",
    kind: "symptom",
    likely: "an attack; where users complain, a rule that was changed or begins to block.",
    summary: "AWS WAF blocks very many requests: an attack, or a rule that blocks people.",
    runbook: "waf-blocking",
    watch: webAclMetrics({ region, metricName }).blocked,
    dashboard: "edge",
    comparison: "GreaterThanThreshold",
    periodSeconds: 60,
    // A rate by itself, and what it is compared with is far above noise.
    evaluationPeriods: 1,
    missingData: "notBreaching",
    ...(rollback === undefined ? {} : { rollback }),
  });
}
