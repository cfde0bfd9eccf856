/** Properties that protect something, and which way is worse. */
import type { Change } from "../change.ts";
import type { Json, JsonObject } from "../propertyValue.ts";
import type { Risk } from "../risk.ts";

/** A property in words. */
export interface Property {
  /** Types that have it. */
  readonly type: RegExp;
  readonly path: RegExp;
  readonly noun: string;
  readonly unit?: string;
}

/** A property that protects something. */
export interface Guard extends Property {
  /** Which way is worse. */
  readonly weaker: "lower" | "higher" | "false" | "true" | "other";
  /** @default guard */
  readonly risk?: Risk;
}

/** A property that reviewers look for, and what follows from another value. */
export interface Setting extends Property {
  readonly follows: (change: Change, before: Json | undefined, after: Json | undefined) => readonly [Risk, string];
}

export const guards: readonly Guard[] = [
  { type: /^aws:(rds|docdb)\//, path: /^backupRetentionPeriod$/, noun: "backup retention", unit: "days", weaker: "lower" },
  { type: /^aws:elasticache\//, path: /^snapshotRetentionLimit$/, noun: "snapshot retention", unit: "days", weaker: "lower" },
  { type: /^aws:backup\/plan:/, path: /\.deleteAfter$/, noun: "backup retention", unit: "days", weaker: "lower" },
  { type: /^aws:backup\/vaultLock/, path: /RetentionDays$/, noun: "a bound of the vault's lock", unit: "days", weaker: "other" },
  { type: /^aws:cloudwatch\/logGroup:/, path: /^retentionInDays$/, noun: "log retention", unit: "days", weaker: "lower" },
  { type: /^aws:/, path: /^(deletionProtection(Enabled)?|enableDeletionProtection)$/, noun: "deletion protection", weaker: "false" },
  { type: /^aws:/, path: /^skipFinalSnapshot$/, noun: "skipping the final snapshot", weaker: "true" },
  { type: /^aws:/, path: /^(forceDestroy|forceDelete)$/, noun: "deletion with all contents", weaker: "true" },
  {
    type: /^aws:(kms|secretsmanager)\//,
    path: /^(deletionWindowInDays|recoveryWindowInDays)$/,
    noun: "time to undo a deletion",
    unit: "days",
    weaker: "lower",
  },
  { type: /^aws:kms\//, path: /^enableKeyRotation$/, noun: "rotation of the key", weaker: "false" },
  {
    type: /^aws:/,
    path: /^(storageEncrypted|atRestEncryptionEnabled|transitEncryptionEnabled|encrypted)$/,
    noun: "encryption",
    weaker: "false",
  },
  {
    type: /^aws:(rds|docdb|elasticache)\//,
    path: /^(multiAz|multiAzEnabled|automaticFailoverEnabled)$/,
    noun: "a stand-by in another zone",
    weaker: "false",
  },
  { type: /^aws:s3\/bucketVersioning/, path: /\.status$/, noun: "versions of objects", weaker: "other" },
  { type: /^aws:s3\/bucketObjectLock/, path: /\.days$/, noun: "write-once time", unit: "days", weaker: "lower" },
  {
    type: /^aws:s3\/bucketLifecycle/,
    path: /[xX]piration\.days$|[tT]ransitions?\b.*\.days$/,
    noun: "time until objects are moved or deleted",
    unit: "days",
    weaker: "lower",
  },
  { type: /^aws:s3\/bucketLifecycle/, path: /\.noncurrentDays$/, noun: "time that old versions are kept", unit: "days", weaker: "lower" },
  { type: /^aws:s3\/bucketLifecycle/, path: /\.status$/, noun: "the rule", weaker: "other" },
  {
    type: /^aws:dynamodb\/table:/,
    path: /^pointInTimeRecovery\.recoveryPeriodInDays$/,
    noun: "time that can be gone back",
    unit: "days",
    weaker: "lower",
  },
  { type: /^aws:dynamodb\/table:/, path: /^pointInTimeRecovery\.enabled$/, noun: "point-in-time recovery", weaker: "false" },
  {
    type: /^aws:s3\/bucketPublicAccessBlock/,
    path: /^(block|ignore|restrict)/,
    noun: "refusal of public access",
    weaker: "false",
    risk: "exposure",
  },
  { type: /^aws:(rds|docdb)\//, path: /^publiclyAccessible$/, noun: "a public address", weaker: "true", risk: "exposure" },
  { type: /^aws:lb\/loadBalancer:/, path: /^internal$/, noun: "being internal", weaker: "false", risk: "exposure" },
  { type: /^aws:rds\//, path: /^iamDatabaseAuthenticationEnabled$/, noun: "IAM authentication", weaker: "false" },
  { type: /^aws:(rds|docdb|elasticache)\//, path: /^autoMinorVersionUpgrade$/, noun: "minor versions by themselves", weaker: "false" },
  { type: /^aws:(rds|docdb)\//, path: /^copyTagsToSnapshot$/, noun: "tags on snapshots", weaker: "false" },
  {
    type: /^aws:cloudfront\/responseHeadersPolicy:/,
    path: /\.strictTransportSecurity\.(includeSubdomains|override|preload)$/,
    noun: "HTTPS alone, for all hosts below",
    weaker: "false",
  },
  {
    type: /^aws:cloudfront\/responseHeadersPolicy:/,
    path: /\.accessControlMaxAgeSec$/,
    noun: "time that browsers keep to HTTPS",
    unit: "s",
    weaker: "lower",
  },
  { type: /^aws:rds\//, path: /^deleteAutomatedBackups$/, noun: "deletion of backups with the database", weaker: "true" },
  { type: /^aws:elasticache\/replicationGroup:/, path: /^numCacheClusters$/, noun: "nodes", weaker: "lower" },
  {
    type: /^aws:rds\/instanceAutomatedBackupsReplication:/,
    path: /^retentionPeriod$/,
    noun: "retention of backups elsewhere",
    unit: "days",
    weaker: "lower",
  },
  { type: /^aws:appautoscaling\/policy:/, path: /\.targetValue$/, noun: "load at which tasks are added", weaker: "higher" },
  { type: /^aws:ecr\/lifecyclePolicy:/, path: /\.countNumber$/, noun: "images kept", weaker: "lower" },
  { type: /^aws:ecr\/repository:/, path: /^imageTagMutability$/, noun: "what a tag means", weaker: "other" },
  { type: /^aws:ecr\/repository:/, path: /^imageScanningConfiguration\b/, noun: "scans of images", weaker: "false" },
  { type: /^aws:ecs\/service:/, path: /^deploymentCircuitBreaker\.\w+$/, noun: "deployment circuit breaker", weaker: "false" },
  { type: /^aws:ecs\/service:/, path: /^enableExecuteCommand$/, noun: "a shell in tasks", weaker: "true", risk: "exposure" },
  {
    type: /^aws:ecs\/service:/,
    path: /^networkConfiguration\.assignPublicIp$/,
    noun: "a public address",
    weaker: "true",
    risk: "exposure",
  },
  { type: /^aws:ec2\/subnet:/, path: /^mapPublicIpOnLaunch$/, noun: "public addresses", weaker: "true", risk: "exposure" },
  { type: /^aws:lb\/loadBalancer:/, path: /^dropInvalidHeaderFields$/, noun: "refusal of invalid headers", weaker: "false" },
  {
    type: /^aws:lb\/loadBalancer:/,
    path: /^(desyncMitigationMode|xffHeaderProcessingMode)$/,
    noun: "how odd requests are read",
    weaker: "other",
  },
  { type: /^aws:lb\/loadBalancer:/, path: /^accessLogs\b/, noun: "the log of requests", weaker: "other" },
  { type: /^aws:kms\/key:/, path: /^isEnabled$/, noun: "use of the key", weaker: "false", risk: "outage" },
  {
    type: /^aws:route53\/healthCheck:/,
    path: /^(failureThreshold|requestInterval)$/,
    noun: "failures until it counts as down",
    weaker: "higher",
  },
  { type: /^aws:wafv2\/webAclLogging/, path: /./, noun: "the firewall's log", weaker: "other" },
  { type: /^aws:ec2\/flowLog:/, path: /^(trafficType|maxAggregationInterval)$/, noun: "the log of connections", weaker: "other" },
  { type: /^aws:sqs\/queue:/, path: /^messageRetentionSeconds$/, noun: "time that messages are kept", unit: "s", weaker: "lower" },
  { type: /^aws:lambda\/functionEventInvokeConfig:/, path: /^maximum/, noun: "how long a failed call is repeated", weaker: "lower" },
  { type: /^aws:budgets\/budget:/, path: /^limitAmount$/, noun: "the budget", weaker: "higher" },
  { type: /^aws:iam\/role:/, path: /^permissionsBoundary$/, noun: "the boundary of rights", weaker: "other", risk: "exposure" },
  { type: /^aws:iam\/role:/, path: /^maxSessionDuration$/, noun: "how long a session lasts", unit: "s", weaker: "higher" },
  {
    type: /^kubernetes:core\/v1:ServiceAccount$/,
    path: /^automountServiceAccountToken$/,
    noun: "the cluster's token in pods",
    weaker: "true",
    risk: "exposure",
  },
  { type: /^kubernetes:autoscaling\/v2:/, path: /^spec\.minReplicas$/, noun: "pods at least", weaker: "lower" },
  { type: /^kubernetes:autoscaling\/v2:/, path: /^spec\.maxReplicas$/, noun: "pods at most", weaker: "lower" },
  { type: /^kubernetes:networking\.k8s\.io\/v1:/, path: /^spec\b/, noun: "who reaches pods", weaker: "other", risk: "exposure" },
  { type: /^kubernetes:policy\/v1:/, path: /^spec\b/, noun: "pods that stay while nodes change", weaker: "other" },
];

/** Settings that reviewers look for, and what follows from them. */
export const settings: readonly Setting[] = [
  { type: /^aws:lb\/listener:/, path: /^sslPolicy$/, noun: "TLS policy", follows: otherTls },
  { type: /^aws:cloudfront\/distribution:/, path: /^viewerCertificate\.minimumProtocolVersion$/, noun: "TLS policy", follows: otherTls },
  {
    type: /^aws:(rds|docdb)\//,
    path: /^instanceClass$/,
    noun: "instance class",
    follows: ({ after }) => ["outage", `restarts ${when(after)}`],
  },
  {
    type: /^aws:elasticache\//,
    path: /^nodeType$/,
    noun: "node type",
    follows: ({ after }) => ["outage", `restarts node by node, ${when(after)}`],
  },
  {
    type: /^aws:rds\//,
    path: /^allocatedStorage$/,
    noun: "storage",
    unit: "GiB",
    follows: ({ after: inputs }, before, after) => {
      if (Number(after) < Number(before)) return ["outage", "AWS refuses it half way: storage never shrinks"];
      const sooner = inputs.applyImmediately === true ? "" : "; at once before it: slipway database grow";
      return ["routine", `grows in place, ${when(inputs)}${sooner}`];
    },
  },
  {
    type: /^aws:(rds|docdb|elasticache)\//,
    path: /^engineVersion$/,
    noun: "engine version",
    follows: ({ before: { engine }, after: { allowMajorVersionUpgrade, ...inputs } }, before, after) => {
      if (major(engine, before) === major(engine, after)) return ["outage", `restarts ${when(inputs)}`];
      const refused = allowMajorVersionUpgrade === false ? "; AWS refuses it: allowMajorVersionUpgrade is false" : "";
      return ["outage", `another major version: an outage of minutes, and no way back${refused}`];
    },
  },
];

/** What a TLS policy takes at least decides; of two that take the same nobody here knows which has the better ciphers. */
function otherTls(_: Change, before: Json | undefined, after: Json | undefined): readonly [Risk, string] {
  const [was, is] = [leastTls(before), leastTls(after)];
  if (is < was) return ["exposure", `weaker: TLS 1.${is} is taken`];
  if (is > was) return ["traffic", `stricter: clients that speak less than TLS 1.${is} are refused`];
  return ["exposure", `other ciphers, from TLS 1.${is} on as before`];
}

/**
 * The second number of the oldest TLS that a policy takes, as its name has it: `ELBSecurityPolicy-TLS13-1-2-2021-06`, `TLSv1.2_2021`. One
 * that names none takes 1.0. Source: Elastic Load Balancing, "Security policies"; CloudFront, "Supported protocols and ciphers".
 */
function leastTls(policy: Json | undefined): number {
  return Number(/(?:(?:TLS13|TLS|FS)-1-|TLSv1\.)(\d)/.exec(String(policy))?.[1] ?? 0);
}

function when({ applyImmediately }: JsonObject): string {
  return applyImmediately === true ? "at once" : "in its maintenance window";
}

/** The part of a version that only an upgrade without a way back changes: two numbers of MySQL, one of the others. */
function major(engine: Json | undefined, version: Json | undefined): string {
  const parts = String(version).split(".");
  return parts.slice(0, /mysql|mariadb|docdb/.test(String(engine)) ? 2 : 1).join(".");
}
