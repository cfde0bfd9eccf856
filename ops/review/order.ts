/**
 * Which lists are sets to the service that keeps them: there the order of items says nothing, everywhere else it may be what decides,
 * such as which rule of a firewall is asked first.
 */
import { isJsonObject, isList, type Json, jsonIn, type ValuePath } from "./propertyValue.ts";

/** Names of lists that are sets wherever they stand; what is found by its name, priority or id has no other order either. */
const sets: ReadonlySet<string> = new Set([
  // networks, and what is reached in them
  ...["availabilityZones", "cidrBlocks", "entries", "ipv6CidrBlocks", "ports", "prefixListIds", "routeTableIds", "securityGroupIds"],
  ...["securityGroups", "subnetIds", "subnets", "vpcSecurityGroupIds", "zones", "ingress", "egress", "policyTypes"],
  // requests
  ...["aliases", "allowedMethods", "cachedMethods", "characteristics", "conditions", "customErrorResponses", "functionAssociations"],
  ...[
    "hostnames",
    "records",
    "redactedFields",
    "subjectAlternativeNames",
    "targetGroups",
    "textTransformations",
    "validationRecordFqdns",
    "values",
  ],
  // tasks
  ...["env", "environment", "portMappings", "secrets", "topologySpreadConstraints"],
  // rights
  ...["managedPolicyArns", "subjects", "verbs", "apiGroups"],
  // watching
  ...[
    "alarmActions",
    "okActions",
    "insufficientDataActions",
    "dimensions",
    "childHealthchecks",
    "regions",
    "snsTopicArns",
    "notifications",
  ],
  ...["enabledCloudwatchLogsExports", "logDeliveryConfigurations", "backupVaultEvents", "subscriberEmailAddresses"],
  // data
  ...["attributes", "destinations", "parameters", "replicas", "repositoryFilters", "tags"],
]);

/** Types whose `rules` are sets: each has a name, or a priority by which it is asked. Elsewhere the first that fits decides. */
const ruleSets: ReadonlySet<string> = new Set([
  "aws:backup/plan:Plan",
  "aws:ecr/lifecyclePolicy:LifecyclePolicy",
  "aws:ecr/replicationConfiguration:ReplicationConfiguration",
  "aws:s3/bucketLifecycleConfiguration:BucketLifecycleConfiguration",
  "aws:s3/bucketReplicationConfig:BucketReplicationConfig",
  "aws:wafv2/webAcl:WebAcl",
  "kubernetes:rbac.authorization.k8s.io/v1:ClusterRole",
  "kubernetes:rbac.authorization.k8s.io/v1:Role",
]);

/** Whether the order of a list's items says nothing. @param path of the list in a resource of this type; inside of JSON texts it goes on */
export function isSet(type: string, path: ValuePath): boolean {
  const names = path.filter((part) => typeof part === "string");
  const name = names.at(-1) ?? "";
  // Statements of an IAM policy, all lists in them, and the values of an event's pattern.
  if (names.includes("Statement") || names[0] === "eventPattern") return true;
  return sets.has(name) || (name === "rules" && ruleSets.has(type));
}

/** A text that is equal for values which mean the same: keys have no order, items of sets neither. @param path of the value */
export function meaningText(value: Json | undefined, type: string, path: ValuePath): string {
  if (value === undefined) return "absent";
  const held = jsonIn(value);
  if (held !== undefined) return meaningText(held, type, path);
  if (isList(value)) {
    const items = value.map((item, index) => meaningText(item, type, [...path, index]));
    return `[${(isSet(type, path) ? items.sort() : items).join(",")}]`;
  }
  if (!isJsonObject(value)) return JSON.stringify(value);
  const keys = Object.keys(value).sort();
  return `{${keys.map((key) => `${JSON.stringify(key)}:${meaningText(value[key], type, [...path, key])}`).join(",")}}`;
}
