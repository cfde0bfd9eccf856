/** Quotas of the account that a stack may meet: those that a new account has little of. */

import { colours } from "../../infra/config/release.ts";
import type { StackConfig } from "../../infra/config/stack.ts";
import { regionalConfigs } from "../../infra/config/standby.ts";
import type { Aws } from "../aws/aws.ts";
import type { Line } from "./line.ts";

/** One quota in one region, and what the stack takes of it at most. */
export interface Need {
  readonly region: string;
  /** Service and quota as Service Quotas names them. */
  readonly service: string;
  readonly code: string;
  readonly what: string;
  readonly needed: number;
}

/** What a stack takes at most, in each of its regions. Pure. */
export function quotaNeeds(config: StackConfig): Need[] {
  return regionalConfigs(config).flatMap((there) => {
    const { region } = there.aws;
    const needs: readonly Need[] = [
      { region, service: "vpc", code: "L-F678F1CE", what: "VPCs", needed: 1 },
      { region, service: "ec2", code: "L-0263D0A3", what: "Elastic IP addresses", needed: addresses(there.network) },
      { region, service: "elasticloadbalancing", code: "L-53DA6B97", what: "Application Load Balancers", needed: 1 },
      { region, service: "fargate", code: "L-3032A538", what: "vCPU of Fargate tasks", needed: virtualCpus(there) },
    ];
    return needs.filter(({ needed }) => needed > 0);
  });
}

/** Each NAT gateway has one. */
function addresses({ natGateways, zones }: StackConfig["network"]): number {
  return { none: 0, single: 1, perZone: zones.length }[natGateways];
}

/** Of both colours at the most that they scale to. */
function virtualCpus({ services }: StackConfig): number {
  const onEcs = Object.values(services).filter(({ compute }) => compute === "ecs");
  const units = onEcs.map(({ cpu, release, scaling }) => {
    const running = colours.filter((colour) => release[colour].image !== undefined && release[colour].capacity === "full");
    return running.length * scaling.maximum * cpu;
  });
  return units.reduce((sum, one) => sum + one, 0) / 1024; // units of CPU in a virtual one
}

/** What the account may have. @throws UserError when nobody can tell */
export async function quotaOf(aws: Aws, { region, service: ServiceCode, code: QuotaCode, what }: Need): Promise<number> {
  const quotas = await aws.client("serviceQuotas", region);
  const asked = quotas.getServiceQuota({ ServiceCode, QuotaCode }).catch((error: unknown) => {
    // Only what was changed for the account is listed for some quotas.
    if (!(error instanceof Error && error.name === "NoSuchResourceException")) throw error;
    return quotas.getAWSDefaultServiceQuota({ ServiceCode, QuotaCode });
  });
  const { Quota } = await aws.told(`The quota of ${what} in ${region} cannot be read`, asked);
  return Quota?.Value ?? 0;
}

/** Judges. What other stacks of the account take is not counted. Pure. */
export function quotaLine({ region, service, code, what, needed }: Need, value: number): Line {
  const line = { area: "quotas", what: `${what}, ${region}`, found: `${value} allowed, the stack takes up to ${needed}` } as const;
  if (needed <= value) return { ...line, verdict: "good" };
  const request = `--region ${region} --service-code ${service} --quota-code ${code} --desired-value ${Math.ceil(needed)}`;
  return { ...line, verdict: "missing", fix: `aws service-quotas request-service-quota-increase ${request}` };
}
