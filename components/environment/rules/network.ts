/** Rules between a network, its region, and what tasks need of it. */
import { type BrokenRule, below } from "../../contract/rule.ts";
import { zonesInRegion } from "../../network/contract.ts";
import { secretPlace } from "../contract/secrets.ts";
import type { PartialStackConfig } from "../contract.ts";

/** Everything wrong with zones and ways out. */
export function networkRules(config: PartialStackConfig): BrokenRule[] {
  return [...ownZones(config), ...wayToImages(config)];
}

function ownZones({ aws, network }: PartialStackConfig): BrokenRule[] {
  if (aws === undefined || network === undefined) return [];
  return zonesInRegion({ region: aws.region, zones: network.zones }).map((broken) => below(["network"], broken));
}

/** Without a way out, tasks get their image, their log and their secrets through endpoints or not at all. */
function wayToImages({ aws, network, secrets, services }: PartialStackConfig): BrokenRule[] {
  if (aws === undefined || network === undefined || secrets === undefined || services === undefined) return [];
  if (network.natGateways !== "none") return [];
  const references = Object.values(services).flatMap((service) => Object.values(service.secrets));
  const stores = new Set(references.map((reference) => secretPlace({ aws, secrets }, reference).store));
  const needed = [
    ...(["ecr.api", "ecr.dkr", "logs"] as const),
    ...(stores.has("parameter") ? (["ssm"] as const) : []),
    ...(stores.has("secretsManager") ? (["secretsmanager"] as const) : []),
  ];
  const missing = needed.filter((name) => !network.interfaceEndpoints.includes(name));
  const problems: BrokenRule[] = missing.map((name, index) => ({
    path: ["network", "interfaceEndpoints"],
    found: `has no ${name}, and there is no NAT gateway`,
    reason: "tasks could not start",
    allowed: `a list with ${needed.join(", ")}, or network.natGateways: single`,
    fix: { path: ["network", "interfaceEndpoints", network.interfaceEndpoints.length + index], value: name },
  }));
  if (!network.gatewayEndpoints.includes("s3"))
    problems.push({
      path: ["network", "gatewayEndpoints"],
      found: "has no s3, and there is no NAT gateway",
      reason: "image layers come from S3",
      allowed: "a list with s3, or network.natGateways: single",
      fix: { path: ["network", "gatewayEndpoints", network.gatewayEndpoints.length], value: "s3" },
    });
  return problems;
}
