/** An alarm as data: everything that CloudWatch and the person on call need to know of it. */
import type { Input } from "@pulumi/pulumi";
import type { Metric, MetricMath } from "../metrics/metric.ts";
import type { Severity } from "./severity.ts";

/** Dashboard on which people look for an alarm's line: of a region as a whole, its services, its data stores, its way in. */
export type AlarmDashboard = "region" | "service" | "data" | "edge";

/** One alarm. */
export interface AlarmDefinition {
  /** Lower-case words with hyphens, unique in its region; the alarm's name ends with it. */
  readonly key: string;
  /** AWS region that has the metric; Route 53 and CloudFront report to us-east-1 whatever the stack's region is. */
  readonly region: string;
  readonly severity: Severity;
  /** Service or store that it is about: the pages of one subject become one. @default an alarm by itself */
  readonly subject?: string;
  /** Symptoms notify people; causes are shown beside them and never page. */
  readonly kind: "symptom" | "cause";
  /** What is wrong, in one sentence that a person woken at night understands. */
  readonly summary: string;
  /** What it usually is, in one sentence: where the person who is called looks first. */
  readonly likely: string;
  /** Host names that users reach its subject by. @default it has none */
  readonly hosts?: readonly string[];
  /** Subjects without which its own cannot work: its page waits for theirs. One of another region is only named. @default none */
  readonly needs?: readonly string[];
  /** While it rings its subject is dead, and the pages of what needs the subject tell nobody. @default false */
  readonly dead?: true;
  /** It is told to every topic of its region, for what one of them alone would not tell. Five actions are CloudWatch's limit. @default false */
  readonly everyTopic?: true;
  /** Page in `docs/runbooks`, without `.md`. */
  readonly runbook: string;
  readonly watch: Metric | MetricMath;
  /** Where its line is drawn: in a graph of what it watches, or in one of its own. */
  readonly dashboard: AlarmDashboard;
  readonly comparison: "GreaterThanThreshold" | "GreaterThanOrEqualToThreshold" | "LessThanThreshold" | "LessThanOrEqualToThreshold";
  /** In the metric's own unit. */
  readonly threshold: Input<number>;
  /** 10, 20, 30 or a multiple of 60; seconds. */
  readonly periodSeconds: number;
  readonly evaluationPeriods: number;
  /** @default all of the evaluation periods */
  readonly datapointsToAlarm?: number;
  /** What silence means: never left to CloudWatch's default by accident. `missing` is told of when data ceased, not before the first. */
  readonly missingData: "breaching" | "notBreaching" | "ignore" | "missing";
  /** Service whose traffic goes back to its live colour when this fires. @default none */
  readonly rollback?: string;
}
