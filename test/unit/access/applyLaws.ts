/** What an apply role allows, against what the provider calls for everything that a stack is made of. */

import { describe, expect, test } from "vitest";
import { allowedRegions, rolePath, tagged } from "../../../components/access/scope.ts";
import { failoverDomain } from "../../../components/environment/contract/failover.ts";
import { stackName } from "../../../components/environment/names.ts";
import { stackRegions } from "../../../infra/stackRegions.ts";
import { type AccessStack, accessStack, account } from "../../harness/accessStacks.ts";
import type { Registered } from "../../harness/graph.ts";
import { allows, type Context } from "../../harness/iam.ts";
import { providerCalls } from "../../harness/providerCalls.ts";

const ofAws = ({ type, custom }: Registered) => custom && type.startsWith("aws:");

/** Name of a resource in AWS as the engine makes it where the program gives none. */
function nameInAws({ inputs, name }: Registered): string {
  const given = inputs.name ?? inputs.bucket ?? inputs.alarmName;
  return typeof given === "string" ? given : `${String(inputs.namePrefix ?? inputs.bucketPrefix ?? `${name}-`)}1a2b3c4`;
}

/** Calls of a resource that the stack's apply role refuses. */
function refused({ config, roles }: AccessStack, resource: Registered): string[] {
  const region = String(resource.inputs.region ?? "us-east-1");
  const zone = config.dns.provider === "route53" ? config.dns.zoneId : "Z0DELEGATED";
  const domain = config.dns.provider === "route53" ? String(resource.inputs.name) : failoverDomain(config);
  const holes = { region, account, name: nameInAws(resource), rolePath: rolePath(config), zone, domain };
  const fill = (text: string) => Object.entries(holes).reduce((filled, [hole, value]) => filled.replaceAll(`{${hole}}`, value), text);
  const scope = { ...config, accountId: account, regions: [] };
  const standing: Context = {
    "aws:RequestedRegion": region,
    "aws:ResourceAccount": account,
    "iam:PermissionsBoundary": `arn:aws:iam::${account}:policy/${config.system}-${config.environment}-pipeline-boundary`,
    ...tagged(scope, "ResourceTag"),
    ...tagged(scope, "RequestTag"),
  };
  return (providerCalls[resource.type] ?? []).flatMap(({ resource: template, actions, context = {} }) => {
    const [service = "", verbs = ""] = actions.split(":");
    const own = Object.fromEntries(
      Object.entries(context).map(([name, value]) => [name, value === undefined ? undefined : [value].flat().map(fill)]),
    );
    return verbs
      .split(" ")
      .map((verb) => ({ action: `${service}:${verb}`, resource: fill(template), context: { ...standing, ...own } }))
      .filter((call) => !allows(roles.apply, call))
      .map(({ action, resource: arn }) => `${resource.type}: ${action} on ${arn}`);
  });
}

/** Tests of the stacks of these names. */
export function applyLaws(names: readonly string[]): void {
  describe.each(names)("%s", (name) => {
    test("the apply role may do everything that the provider calls for its resources", async () => {
      const stack = await accessStack(name);
      const resources = stack.resources.filter(ofAws);
      expect(resources.length).toBeGreaterThan(50);
      expect([...new Set(resources.map(({ type }) => type))].filter((type) => providerCalls[type] === undefined)).toEqual([]);
      const changed = resources.filter(
        ({ type, name: own }) => !(type.startsWith("aws:iam/role") && own.startsWith(`${stackName(stack.config)}-pipeline-`)),
      );
      expect([...new Set(changed.flatMap((resource) => refused(stack, resource)))].sort()).toEqual([]);
    }, 60_000);

    test("everything lies in a region of the stack, and every role on its path", async () => {
      const { config, resources } = await accessStack(name);
      const regions = allowedRegions({ regions: stackRegions(config) });
      const placed = resources.filter(({ inputs }) => typeof inputs.region === "string");
      expect(placed.length).toBeGreaterThan(50);
      for (const { urn, inputs } of placed) expect(regions, urn).toContain(inputs.region);
      for (const { inputs, name: role } of resources.filter(({ type }) => type === "aws:iam/role:Role"))
        expect(inputs.path, role).toBe(role.startsWith(`${stackName(config)}-pipeline-`) ? undefined : rolePath(config));
    }, 60_000);
  });
}
