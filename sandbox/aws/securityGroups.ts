/** EC2: rules of security groups, told and taken away. */
import type { EC2, SecurityGroupRule } from "@aws-sdk/client-ec2";
import { CloudError } from "../cloud/catalogue.ts";
import type { LiveObject } from "../cloud/liveStore.ts";
import { type Asked, here, type OperationsOf, pageOf } from "./operation.ts";

const types = {
  in: "aws:vpc/securityGroupIngressRule:SecurityGroupIngressRule",
  out: "aws:vpc/securityGroupEgressRule:SecurityGroupEgressRule",
} as const;

export const securityGroups = {
  DescribeSecurityGroupRules: ({ Filters = [], NextToken, MaxResults = 1000 }, asked) => {
    const unknown = Filters.find(({ Name }) => Name !== "group-id");
    if (unknown !== undefined) throw new CloudError("InvalidParameterValue", `The filter '${unknown.Name}' is invalid`);
    const wanted = Filters.flatMap(({ Values = [] }) => Values);
    const all = (["in", "out"] as const).flatMap((direction) =>
      here(types[direction], asked).map((rule) => ruleOf(rule, direction === "out")),
    );
    const own = all.filter(({ GroupId = "" }) => Filters.length === 0 || wanted.includes(GroupId));
    const { items, next } = pageOf(own, NextToken, MaxResults);
    return { SecurityGroupRules: [...items], ...(next === undefined ? {} : { NextToken: next }) };
  },

  RevokeSecurityGroupIngress: ({ SecurityGroupRuleIds = [] }, asked) => revoked("in", SecurityGroupRuleIds, asked),
  RevokeSecurityGroupEgress: ({ SecurityGroupRuleIds = [] }, asked) => revoked("out", SecurityGroupRuleIds, asked),
} satisfies OperationsOf<EC2>;

/** API reference, RevokeSecurityGroupIngress: of rules that are not there none is taken away. */
function revoked(direction: keyof typeof types, ids: readonly string[], asked: Asked) {
  const all = here(types[direction], asked);
  const found = ids.map((id) => {
    const rule = all.find((one) => one.id === id);
    if (rule === undefined)
      throw new CloudError("InvalidSecurityGroupRuleId.NotFound", `The security group rule ID '${id}' does not exist`);
    return rule;
  });
  for (const rule of found) asked.store.delete(rule);
  return { Return: true };
}

function ruleOf({ id, properties }: LiveObject, IsEgress: boolean): SecurityGroupRule {
  const { securityGroupId, ipProtocol, fromPort, toPort, cidrIpv4, cidrIpv6, prefixListId, referencedSecurityGroupId } = properties;
  const text = (key: string, value: unknown) => (typeof value === "string" && value !== "" ? { [key]: value } : {});
  return {
    ...{ SecurityGroupRuleId: id, GroupId: String(securityGroupId), IsEgress, IpProtocol: String(ipProtocol) },
    ...{ FromPort: Number(fromPort ?? -1), ToPort: Number(toPort ?? -1) },
    ...text("CidrIpv4", cidrIpv4),
    ...text("CidrIpv6", cidrIpv6),
    ...text("PrefixListId", prefixListId),
    ...(typeof referencedSecurityGroupId === "string" && referencedSecurityGroupId !== ""
      ? { ReferencedGroupInfo: { GroupId: referencedSecurityGroupId } }
      : {}),
  };
}
