/** What exists behind the API, asked without the engine. */
import type { AwsAccount } from "./awsServer.ts";

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

async function groupsOf(account: AwsAccount, rule: string): Promise<readonly Group[]> {
  const [answer] = await account.call<[Rules]>(["elbv2", "describe_rules", { RuleArns: [rule] }]);
  return answer.Rules.flatMap(({ Actions }) => Actions).flatMap(({ ForwardConfig }) => ForwardConfig?.TargetGroups ?? []);
}

function colourOf({ TargetGroupArn }: Group): keyof Weights {
  return TargetGroupArn.includes("-green-") ? "green" : "blue";
}

/** Weights that a rule has now. */
export async function liveWeights(account: AwsAccount, rule: string): Promise<Weights> {
  const groups = await groupsOf(account, rule);
  const weight = (colour: keyof Weights) => groups.find((group) => colourOf(group) === colour)?.Weight ?? -1;
  return { blue: weight("blue"), green: weight("green") };
}

/** Changes a rule's weights the way somebody does it in the console. */
export async function setLiveWeights(account: AwsAccount, rule: string, weights: Weights): Promise<void> {
  const groups = await groupsOf(account, rule);
  const TargetGroups = groups.map((group) => ({ ...group, Weight: weights[colourOf(group)] }));
  await account.call(["elbv2", "modify_rule", { RuleArn: rule, Actions: [{ Type: "forward", ForwardConfig: { TargetGroups } }] }]);
}

type Named = Readonly<Record<string, unknown>>;

/** Lists in which nothing of a destroyed stack may be left: service, operation, key of the list, and what is always there. */
const lists: readonly (readonly [service: string, operation: string, key: string, alwaysThere?: (item: Named) => boolean])[] = [
  ["elbv2", "describe_load_balancers", "LoadBalancers"],
  ["elbv2", "describe_target_groups", "TargetGroups"],
  ["ec2", "describe_vpcs", "Vpcs", ({ IsDefault }) => IsDefault === true],
  ["ec2", "describe_addresses", "Addresses"],
  ["ec2", "describe_nat_gateways", "NatGateways", ({ State }) => State === "deleted"],
  ["ecs", "list_clusters", "clusterArns"],
  ["ecr", "describe_repositories", "repositories"],
  ["s3", "list_buckets", "Buckets"],
  ["logs", "describe_log_groups", "logGroups"],
  ["iam", "list_roles", "Roles"],
  ["acm", "list_certificates", "CertificateSummaryList"],
  // Keys stay for their waiting period; what makes them reachable goes at once. AWS has aliases of its own.
  ["kms", "list_aliases", "Aliases", ({ AliasName }) => String(AliasName).startsWith("alias/aws/")],
];

/** What is left of a stack, one line a thing; empty when everything is gone. */
export async function leftovers(account: AwsAccount): Promise<string[]> {
  const answers = await account.call<Named[]>(...lists.map(([service, operation]) => [service, operation, {}] as const));
  return lists.flatMap(([service, , key, alwaysThere], index) =>
    ((answers[index]?.[key] ?? []) as Named[])
      .filter((item) => alwaysThere?.(item) !== true)
      .map((item) => `${service} ${key}: ${JSON.stringify(item)}`),
  );
}
