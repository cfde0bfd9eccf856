/** Rules of the stack's security groups that its state does not hold: the commonest edit in a console, and one that opens something. */
import type { SecurityGroupRule } from "@aws-sdk/client-ec2";
import type { Aws } from "../aws/aws.ts";
import type { State, StateResource } from "../engine/state.ts";
import type { AskedWithState } from "./asked.ts";

/** One rule that nobody declared. */
export interface ForeignRule {
  /** `sgr-…` */
  readonly id: string;
  readonly region: string;
  /** `sg-…` */
  readonly group: string;
  /** Name of the group. */
  readonly groupName: string;
  readonly direction: "in" | "out";
  /** Whom it lets through to what, in words: `0.0.0.0/0 to tcp 443`. */
  readonly opens: string;
}

const groupType = "aws:ec2/securityGroup:SecurityGroup";

/** Groups that AWS takes in one filter. */
const atOnce = 200;

/** Asks EC2 in every region in which the state has a group. */
export async function foreignRules({ stack, state, aws }: Omit<AskedWithState, "cluster">): Promise<ForeignRule[]> {
  const groups = state.resources.filter(({ type, delete: leaving }) => type === groupType && leaving !== true);
  const regions = Map.groupBy(groups, ({ outputs = {} }) => String(outputs.region ?? stack.config.aws.region));
  const found = await Promise.all([...regions].map(([region, own]) => foreignIn(region, own, state, aws)));
  return found.flat();
}

async function foreignIn(region: string, groups: readonly StateResource[], { resources }: State, aws: Aws): Promise<ForeignRule[]> {
  const held = new Set(resources.map(({ id }) => id));
  const names = new Map(groups.map(({ id = "", outputs = {} }) => [id, outputs.name === undefined ? id : String(outputs.name)]));
  const ec2 = await aws.client("ec2", region);
  const ids = [...names.keys()];
  const parts = Array.from({ length: Math.ceil(ids.length / atOnce) }, (_, index) => ids.slice(index * atOnce, (index + 1) * atOnce));
  const pages = await Promise.all(
    parts.map((Values) => {
      const listed = Array.fromAsync(ec2.paginateDescribeSecurityGroupRules({ Filters: [{ Name: "group-id", Values }] }));
      return aws.told(`Rules of security groups in ${region} cannot be read`, listed);
    }),
  );
  const rules = pages.flat().flatMap(({ SecurityGroupRules = [] }) => SecurityGroupRules);
  return rules.flatMap((rule) => {
    const { SecurityGroupRuleId: id = "", GroupId: group = "", IsEgress = false } = rule;
    if (held.has(id)) return [];
    const direction = IsEgress ? ("out" as const) : ("in" as const);
    return [{ id, region, group, groupName: names.get(group) ?? group, direction, opens: wordsOf(rule) }];
  });
}

function wordsOf({ IpProtocol, FromPort, ToPort, CidrIpv4, CidrIpv6, PrefixListId, ReferencedGroupInfo }: SecurityGroupRule): string {
  const who = CidrIpv4 ?? CidrIpv6 ?? PrefixListId ?? ReferencedGroupInfo?.GroupId ?? "somebody";
  if (IpProtocol === "-1") return `${who} to everything`;
  return `${who} to ${IpProtocol} ${FromPort === ToPort ? FromPort : `${FromPort}-${ToPort}`}`;
}
