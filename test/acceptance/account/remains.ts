/**
 * What trials have left in an account: everything with their tag, and by name what has no tags or is not found by them. What AWS itself
 * removes later, and can be neither used nor deleted meanwhile, is none of it.
 */
import type { AwsCall, Caller } from "../awsServer.ts";
import type { TrialAccount } from "./trialAccount.ts";

/** Value of the tag `System`, and the beginning of every name. */
export const system = "slipway-trial";

type Item = Readonly<Record<string, unknown>>;

interface List {
  readonly call: AwsCall;
  /** Key of the list in the answer. */
  readonly key: string;
  /** Key of an item's name; none where items are names. */
  readonly name?: string;
}

const withTag = { Filters: [{ Name: "tag:System", Values: [system] }] };

/** Lists that AWS keeps to what has the tag: an API server's search leaves these out. */
const taggedLists: readonly List[] = [
  { call: ["ec2", "describe_addresses", withTag], key: "Addresses", name: "AllocationId" },
  { call: ["ec2", "describe_vpc_endpoints", withTag], key: "VpcEndpoints", name: "VpcEndpointId" },
];

/**
 * Lists of which the names that hold the system's count.
 * `GetResources` finds no roles (IAM user guide, "Tagging IAM resources": roles are not in the Resource Groups Tagging API), and of an API
 * server neither repositories nor policies; aliases, saved queries, scalable targets and what AWS makes by itself have no tags.
 */
const namedLists: readonly List[] = [
  { call: ["iam", "list_roles", {}], key: "Roles", name: "RoleName" },
  { call: ["iam", "list_policies", { Scope: "Local" }], key: "Policies", name: "PolicyName" },
  { call: ["ecr", "describe_repositories", {}], key: "repositories", name: "repositoryName" },
  { call: ["kms", "list_aliases", {}], key: "Aliases", name: "AliasName" },
  { call: ["s3", "list_buckets", {}], key: "Buckets", name: "Name" },
  { call: ["logs", "describe_log_groups", {}], key: "logGroups", name: "logGroupName" },
  { call: ["logs", "describe_query_definitions", {}], key: "queryDefinitions", name: "name" },
  {
    call: ["application-autoscaling", "describe_scalable_targets", { ServiceNamespace: "ecs" }],
    key: "ScalableTargets",
    name: "ResourceId",
  },
  { call: ["dynamodb", "list_tables", {}], key: "TableNames" },
];

/** What the search by tag answers, and the zone; after them the lists. */
type Answers = [{ readonly ResourceTagMappingList: readonly { readonly ResourceARN: string }[] }, Item, ...Item[]];

/** One line for each thing: its ARN, or what list has it under which name. */
export async function remains(account: TrialAccount): Promise<string[]> {
  const [tagged, records, ...lists] = await account.call<Answers>(
    ["resourcegroupstaggingapi", "get_resources", { TagFilters: [{ Key: "System", Values: [system] }] }],
    ["route53", "list_resource_record_sets", { HostedZoneId: account.zoneId }],
    ...[...taggedLists, ...namedLists].map(({ call }) => call),
  );
  const arns = tagged.ResourceTagMappingList.map(({ ResourceARN }) => ResourceARN);
  const going = await goingAnyway(account, arns);
  const listed = [...taggedLists, ...namedLists].flatMap(({ call: [service], key, name }, index) =>
    itemsAt(lists[index], key)
      .filter((item) => (item as Item).State !== "deleted")
      .map((item) => String(name === undefined ? item : (item as Item)[name]))
      .filter((found) => index < taggedLists.length || found.includes(system))
      .filter((found) => !arns.some((arn) => arn.split(":")[2] === service && arn.endsWith(found)))
      .map((found) => `${service} ${key}: ${found}`),
  );
  const hosts = itemsAt(records, "ResourceRecordSets").map((record) => String((record as Item).Name));
  const recorded = hosts.filter((host) => host.includes(`.${hostStart}`) || host.startsWith(hostStart));
  return [...arns.filter((arn) => !going.has(arn)), ...listed, ...recorded.map((host) => `route53 record: ${host}`)].sort();
}

/** How host names of trials begin. */
export const hostStart = `${system}-`;

function itemsAt(answer: Item | undefined, key: string): readonly unknown[] {
  const found = answer?.[key];
  return Array.isArray(found) ? found : [];
}

/** How AWS is asked whether something with a tag is there, and what it answers of what is not. */
interface Afterlife {
  /** Of the ARNs that it is about; its group is what the call takes. */
  readonly arn: RegExp;
  readonly call: (name: string, arn: string) => AwsCall;
  /** Of an answer, as JSON. */
  readonly gone: RegExp;
}

const afterlives: readonly Afterlife[] = [
  { arn: /:kms:.*:key\/(.+)/, call: (KeyId) => ["kms", "describe_key", { KeyId }], gone: /"KeyState": ?"PendingDeletion"/ },
  {
    arn: /:task-definition\/(.+)/,
    call: (taskDefinition) => ["ecs", "describe_task_definition", { taskDefinition }],
    gone: /"status": ?"(INACTIVE|DELETE_IN_PROGRESS)"/,
  },
  {
    arn: /:ecs:.*:cluster\/(.+)/,
    call: (name) => ["ecs", "describe_clusters", { clusters: [name] }],
    gone: /"status": ?"INACTIVE"|"clusters": ?\[\]/,
  },
  {
    arn: /:ecs:.*:service\/([^/]+)\//,
    call: (cluster, arn) => ["ecs", "describe_services", { cluster, services: [arn] }],
    gone: /"status": ?"INACTIVE"|"services": ?\[\]|ClusterNotFound/,
  },
  {
    arn: /:natgateway\/(.+)/,
    call: (id) => ["ec2", "describe_nat_gateways", { NatGatewayIds: [id] }],
    gone: /"State": ?"deleted"|NotFound/,
  },
];

/** Of what still has a tag: keys that wait to be deleted, revisions, services and clusters that are inactive, NAT gateways that are deleted. */
async function goingAnyway({ attempt }: Caller, arns: readonly string[]): Promise<ReadonlySet<string>> {
  const asked = arns.flatMap((arn) =>
    afterlives.flatMap(({ arn: pattern, call, gone }) => {
      const name = pattern.exec(arn)?.[1];
      return name === undefined ? [] : [{ arn, gone, call: call(name, arn) }];
    }),
  );
  if (asked.length === 0) return new Set();
  const answers = await attempt(...asked.map(({ call }) => call));
  return new Set(asked.flatMap(({ arn, gone }, index) => (gone.test(JSON.stringify(answers[index])) ? [arn] : [])));
}
