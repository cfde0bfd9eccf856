/** What a deep look finds that no state holds: at AWS, on many pages, and as the services refuse to tell. */
import { describe, expect, test } from "vitest";
import type { AskedWithState } from "../../../ops/status/asked.ts";
import { foreignPolicies } from "../../../ops/status/foreignPolicies.ts";
import { foreignRules } from "../../../ops/status/foreignRules.ts";
import { tightQuotas } from "../../../ops/status/quotas.ts";
import { strayRecords } from "../../../ops/status/zoneRecords.ts";
import { simulatedAws } from "../../../sandbox/aws/simulated.ts";
import { configOf } from "../../harness/config.ts";
import { emptyCloud, place } from "../../harness/emptyCloud.ts";
import { type Answers, asked, stubbedAws } from "../../harness/stubbedAws.ts";

const config = configOf("clearhold/production");
const resource = (type: string, id: string, outputs: object) => ({
  ...{ urn: `urn:pulumi:p::x::${type}::${id}`, type, id, outputs: outputs as Record<string, unknown> },
});
const group = (id: string, region: string) => resource("aws:ec2/securityGroup:SecurityGroup", id, { name: `name-of-${id}`, region });
const held = (id: string) => resource("aws:vpc/securityGroupIngressRule:SecurityGroupIngressRule", id, {});

function look(answers: Answers, ...resources: ReturnType<typeof resource>[]) {
  const { aws, calls } = stubbedAws(answers);
  const given = { stack: { config }, aws, state: { resources, pendingOperations: [] } } as unknown as AskedWithState;
  return { given, calls };
}

describe("rules of security groups", () => {
  const rule = (SecurityGroupRuleId: string, more: object = {}) => ({
    ...{ SecurityGroupRuleId, GroupId: "sg-1", IsEgress: false, IpProtocol: "tcp", FromPort: 443, ToPort: 443, CidrIpv4: "0.0.0.0/0" },
    ...more,
  });

  test("that no state holds are told with what they open, on every page and in every region that has a group", async () => {
    const { given, calls } = look(
      {
        "EC2.DescribeSecurityGroupRules": [
          { SecurityGroupRules: [rule("sgr-held")], NextToken: "2" },
          { SecurityGroupRules: [] },
          {
            SecurityGroupRules: [rule("sgr-a"), rule("sgr-b", { IsEgress: true, IpProtocol: "-1", CidrIpv4: undefined, CidrIpv6: "::/0" })],
          },
        ],
      },
      group("sg-1", "us-east-1"),
      group("sg-2", "eu-west-1"),
      held("sgr-held"),
    );
    const found = await foreignRules(given);
    expect(found.map(({ id, direction, opens }) => [id, direction, opens])).toEqual([
      ["sgr-a", "in", "0.0.0.0/0 to tcp 443"],
      ["sgr-b", "out", "::/0 to everything"],
    ]);
    expect(
      calls
        .slice(1)
        .map(({ region }) => region)
        .sort(),
    ).toEqual(["eu-west-1", "us-east-1", "us-east-1"]);
  });

  test("that AWS does not tell", async () => {
    await expect(foreignRules(look({}, group("sg-1", "us-east-1")).given)).rejects.toThrow(
      "Rules of security groups in us-east-1 cannot be read in the simulated cloud: AccessDeniedException",
    );
  });

  test("are taken away by their ids in the simulated cloud, and none of them where one is not there", async () => {
    const { cloud, create } = emptyCloud(new Set(["sg-1"]));
    const inputs = { securityGroupId: "sg-1", ipProtocol: "tcp", fromPort: 443, toPort: 443, cidrIpv4: "0.0.0.0/0" };
    const { id } = create("aws:vpc/securityGroupIngressRule:SecurityGroupIngressRule", inputs);
    const answer = simulatedAws(cloud.store, place.account);
    const ask = (operation: string, input: object) => answer({ client: "EC2", operation, region: place.region, input });
    const rules = () => ask("DescribeSecurityGroupRules", { Filters: [{ Name: "group-id", Values: ["sg-1"] }] });
    expect(rules()).toMatchObject({ SecurityGroupRules: [{ SecurityGroupRuleId: id, CidrIpv4: "0.0.0.0/0", FromPort: 443 }] });
    const revoke = (...SecurityGroupRuleIds: string[]) => ask("RevokeSecurityGroupIngress", { GroupId: "sg-1", SecurityGroupRuleIds });
    expect(() => revoke(id, "sgr-0")).toThrow("The security group rule ID 'sgr-0' does not exist");
    expect(() => ask("DescribeSecurityGroupRules", { Filters: [{ Name: "vpc-id", Values: ["x"] }] })).toThrow("filter 'vpc-id'");
    revoke(id);
    expect(rules()).toEqual({ SecurityGroupRules: [] });
  });
});

describe("policies on roles", () => {
  const role = resource("aws:iam/role:Role", "r", { name: "r" });
  const inline = resource("aws:iam/rolePolicy:RolePolicy", "r:own", { role: "r", name: "own" });
  const attached = resource("aws:iam/rolePolicyAttachment:RolePolicyAttachment", "r/arn:own", { role: "r", policyArn: "arn:own" });

  test("that no state holds, written into a role or attached to it", async () => {
    const { given } = look(
      {
        "IAM.ListRolePolicies": { PolicyNames: ["own", "quick-fix"], IsTruncated: false },
        "IAM.ListAttachedRolePolicies": { AttachedPolicies: [{ PolicyArn: "arn:own" }, { PolicyArn: "arn:Admin" }], IsTruncated: false },
      },
      ...[role, inline, attached],
    );
    expect(await foreignPolicies(given)).toEqual([
      { role: "r", policy: "quick-fix", kind: "inline" },
      { role: "r", policy: "arn:Admin", kind: "attached" },
    ]);
  });

  test("of a role that is not there, as the simulated cloud says it", () => {
    const answer = simulatedAws(emptyCloud().cloud.store, place.account);
    const ask = () => answer({ client: "IAM", operation: "ListRolePolicies", region: "us-east-1", input: { RoleName: "r" } });
    expect(ask).toThrow(expect.objectContaining({ name: "NoSuchEntityException" }));
  });
});

describe("records at Route 53", () => {
  const own = (name: string, type: string, setIdentifier = "") =>
    resource("aws:route53/record:Record", `Z_${name}_${type}`, { zoneId: "Z1", name, fqdn: name, type, setIdentifier });
  const set = (Name: string, Type: string, SetIdentifier?: string) => ({
    Name,
    Type,
    ...(SetIdentifier === undefined ? {} : { SetIdentifier }),
  });

  test("that are gone, and a second one beside the stack's own; other people's names and texts are not ours to judge", async () => {
    const pages = [
      { ResourceRecordSets: [set("api.shop.io.", "A"), set("mail.shop.io.", "MX")], IsTruncated: true, NextRecordName: "\\052.shop.io." },
      { ResourceRecordSets: [set("\\052.shop.io.", "CNAME"), set("api.shop.io.", "AAAA"), set("api.shop.io.", "TXT")], IsTruncated: false },
    ];
    const { given, calls } = look(
      { "Route53.ListResourceRecordSets": pages },
      ...[own("api.shop.io", "A"), own("*.shop.io", "CNAME"), own("gone.shop.io", "A"), own("eu.shop.io", "A", "eu")],
    );
    expect(await strayRecords(given)).toEqual([
      { name: "gone.shop.io", type: "A", state: "gone" },
      { name: "eu.shop.io", type: "A", state: "gone" },
      { name: "api.shop.io", type: "AAAA", state: "foreign" },
    ]);
    expect(calls.at(-1)?.input).toMatchObject({ HostedZoneId: "Z1", StartRecordName: "\\052.shop.io." });
    expect(asked(calls).filter((name) => name.startsWith("Route53"))).toHaveLength(2);
  });
});

test("quotas are told from four fifths on, and by what all services take at their maximum", async () => {
  const quotas = async (Value: number) => tightQuotas(look({ "ServiceQuotas.GetServiceQuota": { Quota: { Value } } }).given);
  expect((await quotas(1000)).map(({ what }) => what)).toEqual([]);
  const tight = await quotas(3);
  expect(tight.map(({ what, needed, allowed }) => [what, needed, allowed])).toContainEqual(["Elastic IP addresses", 3, 3]);
});
