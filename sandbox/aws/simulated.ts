/** Simulated AWS as the SDK's clients see it: one answer for each call, by client and operation. */
import { CloudError } from "../cloud/catalogue.ts";
import type { LiveStore } from "../cloud/liveStore.ts";
import { alarms } from "./alarms.ts";
import { backups } from "./backups.ts";
import { caches } from "./caches.ts";
import { containers } from "./containers.ts";
import { documents, relational, tables } from "./databases.ts";
import { firewall } from "./firewall.ts";
import { healthChecks } from "./healthChecks.ts";
import { hostedZones } from "./hostedZones.ts";
import { identity } from "./identity.ts";
import { items } from "./items.ts";
import { loadBalancing } from "./loadBalancing.ts";
import type { Asked, Operations } from "./operation.ts";
import { parameters } from "./parameters.ts";
import { quotas } from "./quotas.ts";
import { registry } from "./registry.ts";
import { rolePolicies } from "./rolePolicies.ts";
import { scalableTargets } from "./scalableTargets.ts";
import { schedules } from "./schedules.ts";
import { secrets } from "./secrets.ts";
import { securityGroups } from "./securityGroups.ts";
import { tagging } from "./tagging.ts";
import { topics } from "./topics.ts";

/** A call of a client before it is made. */
export interface Call {
  /** Name of the client's class: `SSM`. */
  readonly client: string;
  /** `GetParameter` */
  readonly operation: string;
  readonly region: string;
  readonly input: object;
}

/** Answers in AWS's place: the output of the operation, or the service's own error. */
export type Answer = (call: Call) => object | Promise<object>;

const services: Readonly<Record<string, Operations>> = {
  ApplicationAutoScaling: scalableTargets,
  Backup: backups,
  CloudWatch: alarms,
  DocDB: documents,
  DynamoDB: { ...tables, ...items },
  EC2: securityGroups,
  ECR: registry,
  ECS: containers,
  ElastiCache: caches,
  ElasticLoadBalancingV2: loadBalancing,
  IAM: rolePolicies,
  RDS: relational,
  ResourceGroupsTaggingAPI: tagging,
  Route53: { ...healthChecks, ...hostedZones },
  SNS: topics,
  SSM: parameters,
  STS: identity,
  Scheduler: schedules,
  ServiceQuotas: quotas,
  SecretsManager: secrets,
  WAFV2: firewall,
};

/** Errors that the SDK's clients call otherwise than the service does on the wire. */
const exceptions: Readonly<Record<string, string>> = {
  DBInstanceNotFound: "DBInstanceNotFoundFault",
  InvalidLoadBalancerAction: "InvalidLoadBalancerActionException",
  ListenerNotFound: "ListenerNotFoundException",
  NoSuchEntity: "NoSuchEntityException",
  NotFound: "NotFoundException",
  RuleNotFound: "RuleNotFoundException",
  TargetGroupNotFound: "TargetGroupNotFoundException",
};

/**
 * The cloud of a live store.
 * @param account of whoever asks, 12 digits
 * @param zones names of public zones by id that are there without any stack's doing. @default none
 */
export function simulatedAws(store: LiveStore, account: string, zones: Asked["zones"] = new Map()): Answer {
  return ({ client, operation, region, input }) => {
    try {
      return answered(client, operation, input, { store, place: { account, region }, zones });
    } catch (error) {
      if (error instanceof CloudError) throw serviceError(exceptions[error.code] ?? error.code, error.reason);
      throw error;
    }
  };
}

/** @throws CloudError when AWS would refuse @throws Error for an operation that nobody has written yet */
export function answered(client: string, operation: string, input: object, asked: Asked): object {
  const run = services[client]?.[operation];
  if (run === undefined) throw new Error(`the simulated cloud does not answer ${client}.${operation}; add it to sandbox/aws`);
  return run(input as never, asked);
}

/** An error as the SDK's clients throw it. */
export function serviceError(name: string, message: string): Error {
  return Object.assign(new Error(message), { name, $fault: "client", $metadata: { httpStatusCode: 400, attempts: 1, totalRetryDelay: 0 } });
}
