/** How long what AWS calls things by may be, and how a longer name is cut. */
import { createHash } from "node:crypto";

/** What AWS takes as a name of one type. */
interface NameRule {
  /** Most characters. */
  readonly longest: number;
  /** Input that holds it. @default `name` */
  readonly by?: string;
  /** What AWS refuses besides, and what stands in its place. @default nothing */
  readonly refused?: readonly [pattern: RegExp, instead: string];
}

/** RDS, DocumentDB and ElastiCache: no two hyphens in a row. */
const singleHyphens = [/-{2,}/g, "-"] as const;

/**
 * Types whose names Slipway's may outgrow, by token. Source: the constraints of the name in AWS's API references of the service
 * (CreateTargetGroup, CreateRole …). A type that is not here takes 255 characters or more, or has no name.
 */
export const nameRules = {
  "aws:backup/plan:Plan": { longest: 50 },
  "aws:backup/restoreTestingPlan:RestoreTestingPlan": { longest: 50 },
  "aws:backup/restoreTestingSelection:RestoreTestingSelection": { longest: 50 },
  "aws:backup/selection:Selection": { longest: 50 },
  "aws:backup/vault:Vault": { longest: 50 },
  "aws:budgets/budget:Budget": { longest: 100 },
  "aws:chatbot/slackChannelConfiguration:SlackChannelConfiguration": { longest: 128, by: "configurationName" },
  "aws:cloudfront/cachePolicy:CachePolicy": { longest: 128 },
  "aws:cloudfront/function:Function": { longest: 64 },
  "aws:cloudfront/originAccessControl:OriginAccessControl": { longest: 64 },
  "aws:cloudfront/responseHeadersPolicy:ResponseHeadersPolicy": { longest: 128 },
  "aws:cloudwatch/compositeAlarm:CompositeAlarm": { longest: 255, by: "alarmName" },
  "aws:cloudwatch/dashboard:Dashboard": { longest: 255, by: "dashboardName" },
  "aws:cloudwatch/eventRule:EventRule": { longest: 64 },
  "aws:cloudwatch/logDeliveryDestination:LogDeliveryDestination": { longest: 60 },
  "aws:cloudwatch/logDeliverySource:LogDeliverySource": { longest: 60 },
  "aws:cloudwatch/metricAlarm:MetricAlarm": { longest: 255 },
  "aws:docdb/cluster:Cluster": { longest: 63, by: "clusterIdentifier", refused: singleHyphens },
  "aws:docdb/clusterInstance:ClusterInstance": { longest: 63, by: "identifier", refused: singleHyphens },
  "aws:ec2/securityGroup:SecurityGroup": { longest: 255, refused: [/^sg-/, "sg"] },
  "aws:ecs/cluster:Cluster": { longest: 255 },
  "aws:ecs/service:Service": { longest: 255 },
  "aws:ecs/taskDefinition:TaskDefinition": { longest: 255, by: "family" },
  "aws:elasticache/replicationGroup:ReplicationGroup": { longest: 40, by: "replicationGroupId", refused: singleHyphens },
  "aws:elasticache/user:User": { longest: 40, by: "userId", refused: singleHyphens },
  "aws:elasticache/userGroup:UserGroup": { longest: 40, by: "userGroupId", refused: singleHyphens },
  "aws:iam/policy:Policy": { longest: 128 },
  "aws:iam/role:Role": { longest: 64 },
  "aws:iam/rolePolicy:RolePolicy": { longest: 128 },
  "aws:lambda/function:Function": { longest: 64 },
  "aws:lb/loadBalancer:LoadBalancer": { longest: 32, refused: [/^internal-/, "internal"] },
  "aws:lb/targetGroup:TargetGroup": { longest: 32 },
  "aws:rds/instance:Instance": { longest: 63, by: "identifier", refused: singleHyphens },
  "aws:s3/bucket:Bucket": { longest: 63, by: "bucket" },
  "aws:scheduler/schedule:Schedule": { longest: 64 },
  "aws:sns/topic:Topic": { longest: 256 },
  "aws:sqs/queue:Queue": { longest: 80 },
  "aws:wafv2/ipSet:IpSet": { longest: 128 },
  "aws:wafv2/webAcl:WebAcl": { longest: 128 },
} satisfies Readonly<Record<string, NameRule>>;

/** Type with a limit of its own. */
export type LimitedType = keyof typeof nameRules;

/** Characters that the engine puts behind a name that it makes: a hyphen and seven digits. */
const engineSuffix = 8;

/** Characters of the hash in a name that was cut: base 36, 31 bits. */
const hashLength = 6;

/**
 * A name that AWS takes. One that fits is not changed; of another the beginning stays, and a hash of the whole tells it from others
 * with that beginning. Pure.
 *
 * @param type token; one without a limit of its own takes every name
 * @param taken characters that are put behind it. @default 0
 * @param joint what stands before the hash
 */
export function fittedName(type: string, name: string, taken = 0, joint: "-" | "_" = "-"): string {
  const rule = ruleOf(type);
  if (rule === undefined) return name;
  const legal = rule.refused === undefined ? name : name.replace(...rule.refused);
  const room = rule.longest - taken;
  if (legal === name && name.length <= room) return name;
  const head = legal.slice(0, room - hashLength - 1).replace(/[-_.]+$/, "");
  return `${head}${joint}${hashOf(name)}`;
}

/**
 * Name that a resource is registered with: where the engine makes AWS's name of it, one that leaves room for the digits behind. Pure.
 * @param args what the resource is made with, which may hold a name of its own
 */
export function registeredName(type: string, name: string, args: object): string {
  const { by = "name" }: Partial<NameRule> = ruleOf(type) ?? {};
  return Object.hasOwn(args, by) ? name : engineName(type, name);
}

/** A name with room for the engine's digits. Pure. */
export function engineName(type: string, name: string): string {
  return fittedName(type, name, engineSuffix);
}

function ruleOf(type: string): NameRule | undefined {
  return Object.hasOwn(nameRules, type) ? nameRules[type as LimitedType] : undefined;
}

/** Characters of a key's id in a name. */
const digits = 8;

/** What a name that ends in digits of a key starts with, before the key is there. Pure. @param taken characters behind the digits. @default 0 */
export function keyedStart(type: LimitedType, name: string, taken = 0): string {
  return `${fittedName(type, name, digits + 1 + taken)}-`;
}

/** Eight digits that tell a key's resources from those of an earlier key of the same name. Pure. */
export function keyDigits(keyArn: string): string {
  return keyArn.replace(/^.*:key\/(?:mrk-)?/, "").slice(0, digits);
}

function hashOf(name: string): string {
  const number = createHash("sha256").update(name).digest().readUIntBE(0, 6);
  return number.toString(36).padStart(hashLength, "0").slice(-hashLength);
}
