/** What exists behind the API, asked without the engine. */
import type { Caller } from "./awsServer.ts";

/** Share of traffic by colour, percent. */
export interface Weights {
  readonly blue: number;
  readonly green: number;
}

interface Group {
  readonly TargetGroupArn: string;
  readonly Weight: number;
}

interface Rules {
  readonly Rules: readonly { readonly Actions: readonly { readonly ForwardConfig?: { readonly TargetGroups: readonly Group[] } }[] }[];
}

async function groupsOf(account: Caller, rule: string): Promise<readonly Group[]> {
  const [answer] = await account.call<[Rules]>(["elbv2", "describe_rules", { RuleArns: [rule] }]);
  return answer.Rules.flatMap(({ Actions }) => Actions).flatMap(({ ForwardConfig }) => ForwardConfig?.TargetGroups ?? []);
}

interface Tagged {
  readonly TagDescriptions: readonly {
    readonly ResourceArn: string;
    readonly Tags: readonly { readonly Key: string; readonly Value: string }[];
  }[];
}

/** Colour of each target group, by its tag: the name may be cut. */
async function coloursOf(account: Caller, groups: readonly Group[]): Promise<(group: Group) => string | undefined> {
  const [answer] = await account.call<[Tagged]>([
    "elbv2",
    "describe_tags",
    { ResourceArns: groups.map(({ TargetGroupArn }) => TargetGroupArn) },
  ]);
  const colours = new Map(
    answer.TagDescriptions.map(({ ResourceArn, Tags }) => [ResourceArn, Tags.find(({ Key }) => Key === "Colour")?.Value]),
  );
  return ({ TargetGroupArn }) => colours.get(TargetGroupArn);
}

/** Weights that a rule has now. */
export async function liveWeights(account: Caller, rule: string): Promise<Weights> {
  const groups = await groupsOf(account, rule);
  const colourOf = await coloursOf(account, groups);
  const weight = (colour: keyof Weights) => groups.find((group) => colourOf(group) === colour)?.Weight ?? -1;
  return { blue: weight("blue"), green: weight("green") };
}

/** Changes a rule's weights the way somebody does it in the console. */
export async function setLiveWeights(account: Caller, rule: string, weights: Weights): Promise<void> {
  const groups = await groupsOf(account, rule);
  const colourOf = await coloursOf(account, groups);
  const TargetGroups = groups.map((group) => ({ ...group, Weight: weights[colourOf(group) === "green" ? "green" : "blue"] }));
  await account.call(["elbv2", "modify_rule", { RuleArn: rule, Actions: [{ Type: "forward", ForwardConfig: { TargetGroups } }] }]);
}

type Named = Readonly<Record<string, unknown>>;

/** One list of the API in which nothing of a destroyed stack may be left. */
interface List {
  /** Service and operation in the words of boto3. */
  readonly call: readonly [service: string, operation: string, parameters?: Readonly<Record<string, unknown>>];
  /** Key of the list in the answer; a dot leads into an object. */
  readonly key: string;
  /** What is there in every account, or stays for a while by rule. @default nothing */
  readonly alwaysThere?: (item: Named) => boolean;
}

const lists: readonly List[] = [
  { call: ["elbv2", "describe_load_balancers"], key: "LoadBalancers" },
  { call: ["elbv2", "describe_target_groups"], key: "TargetGroups" },
  { call: ["ec2", "describe_vpcs"], key: "Vpcs", alwaysThere: ({ IsDefault }) => IsDefault === true },
  { call: ["ec2", "describe_addresses"], key: "Addresses" },
  { call: ["ec2", "describe_nat_gateways"], key: "NatGateways", alwaysThere: ({ State }) => State === "deleted" },
  { call: ["ec2", "describe_managed_prefix_lists"], key: "PrefixLists", alwaysThere: ({ OwnerId }) => OwnerId === "AWS" },
  { call: ["ecs", "list_clusters"], key: "clusterArns" },
  { call: ["ecr", "describe_repositories"], key: "repositories" },
  { call: ["s3", "list_buckets"], key: "Buckets" },
  { call: ["logs", "describe_log_groups"], key: "logGroups" },
  { call: ["logs", "describe_deliveries"], key: "deliveries" },
  { call: ["iam", "list_roles"], key: "Roles" },
  { call: ["iam", "list_policies", { Scope: "Local" }], key: "Policies" },
  { call: ["iam", "list_open_id_connect_providers"], key: "OpenIDConnectProviderList" },
  { call: ["acm", "list_certificates"], key: "CertificateSummaryList" },
  // Keys stay for their waiting period; what makes them reachable goes at once. AWS has aliases of its own.
  { call: ["kms", "list_aliases"], key: "Aliases", alwaysThere: ({ AliasName }) => String(AliasName).startsWith("alias/aws/") },
  { call: ["secretsmanager", "list_secrets"], key: "SecretList" },
  // Values of secrets are a person's, and stay; a stack's own parameters are plain.
  { call: ["ssm", "describe_parameters"], key: "Parameters", alwaysThere: ({ Type }) => Type === "SecureString" },
  { call: ["rds", "describe_db_instances"], key: "DBInstances" },
  { call: ["rds", "describe_db_clusters"], key: "DBClusters" },
  { call: ["rds", "describe_db_subnet_groups"], key: "DBSubnetGroups" },
  { call: ["dynamodb", "list_tables"], key: "TableNames" },
  { call: ["elasticache", "describe_replication_groups"], key: "ReplicationGroups" },
  { call: ["elasticache", "describe_cache_clusters"], key: "CacheClusters" },
  { call: ["elasticache", "describe_users"], key: "Users", alwaysThere: ({ UserId }) => UserId === "default" },
  { call: ["efs", "describe_file_systems"], key: "FileSystems" },
  { call: ["wafv2", "list_web_acls", { Scope: "REGIONAL" }], key: "WebACLs" },
  { call: ["cloudfront", "list_distributions"], key: "DistributionList.Items" },
  { call: ["cloudfront", "list_functions"], key: "FunctionList.Items" },
  { call: ["cloudfront", "list_origin_access_controls"], key: "OriginAccessControlList.Items" },
  { call: ["sns", "list_topics"], key: "Topics" },
  { call: ["sqs", "list_queues"], key: "QueueUrls" },
  { call: ["lambda", "list_functions"], key: "Functions" },
  { call: ["events", "list_rules"], key: "Rules" },
  { call: ["scheduler", "list_schedules"], key: "Schedules" },
  { call: ["cloudwatch", "describe_alarms"], key: "MetricAlarms" },
  { call: ["cloudwatch", "describe_alarms"], key: "CompositeAlarms" },
  { call: ["cloudwatch", "list_dashboards"], key: "DashboardEntries" },
  { call: ["route53", "list_health_checks"], key: "HealthChecks" },
  { call: ["backup", "list_backup_vaults"], key: "BackupVaultList" },
  { call: ["backup", "list_backup_plans"], key: "BackupPlansList" },
];

/** What is left of a stack in the account's own region, one line a thing; empty when everything is gone. */
export async function leftovers(account: Caller): Promise<string[]> {
  const answers = await account.call<Named[]>(
    ...lists.map(({ call: [service, operation, parameters = {}] }) => [service, operation, parameters] as const),
  );
  return lists.flatMap(({ call: [service], key, alwaysThere }, index) =>
    itemsAt(answers[index], key)
      .filter((item) => alwaysThere?.(item) !== true)
      .map((item) => `${service} ${key}: ${JSON.stringify(item)}`),
  );
}

function itemsAt(answer: Named | undefined, key: string): readonly Named[] {
  const found = key.split(".").reduce<unknown>((value, part) => (value as Named | undefined)?.[part], answer);
  return Array.isArray(found) ? found : [];
}
