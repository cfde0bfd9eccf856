/** Rules about names and ways: what a stack's hosts, certificate and tasks can reach. */
import { isPrivate } from "../../components/network/ipv4.ts";
import { isInZone } from "./hosts.ts";
import { type Problem, setCommand, showValue } from "./problem.ts";
import { secretPlace } from "./secrets.ts";
import type { PartialStackConfig } from "./stack.ts";

/** Everything wrong with names and ways out. */
export function reachProblems(config: PartialStackConfig): Problem[] {
  return [...namesInZone(config), ...wayToImages(config), ...egressToImages(config), ...sameRoutes(config), ...ruleCount(config)];
}

/** A certificate is validated by records in the stack's own zone, so every name on it has to be in there. */
function namesInZone({ dns, loadBalancer }: PartialStackConfig): Problem[] {
  if (dns === undefined || loadBalancer === undefined) return [];
  const { domain, alternativeNames } = loadBalancer.certificate;
  const at = ["loadBalancer", "certificate"];
  const names: [readonly (string | number)[], string][] = [
    [[...at, "domain"], domain],
    ...alternativeNames.map((name, index): [readonly (string | number)[], string] => [[...at, "alternativeNames", index], name]),
  ];
  return names.flatMap(([path, name]) => {
    return isInZone(name, dns.zone)
      ? []
      : [
          {
            path,
            found: `is ${showValue(name)}, outside the zone ${dns.zone}`,
            allowed: `a name in ${dns.zone}, where its validation record is written`,
          },
        ];
  });
}

/** Without a way out, tasks get their image, their log and their secrets through endpoints or not at all. */
function wayToImages({ aws, network, secrets, services }: PartialStackConfig): Problem[] {
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
  const problems: Problem[] = missing.map((name, index) => ({
    path: ["network", "interfaceEndpoints"],
    found: `has no ${name}, and there is no NAT gateway`,
    reason: "tasks could not start",
    allowed: `a list with ${needed.join(", ")}, or network.natGateways: single`,
    fix: setCommand(["network", "interfaceEndpoints", network.interfaceEndpoints.length + index], name),
  }));
  if (!network.gatewayEndpoints.includes("s3"))
    problems.push({
      path: ["network", "gatewayEndpoints"],
      found: "has no s3, and there is no NAT gateway",
      reason: "image layers come from S3",
      allowed: "a list with s3, or network.natGateways: single",
      fix: setCommand(["network", "gatewayEndpoints", network.gatewayEndpoints.length], "s3"),
    });
  return problems;
}

/**
 * Rules that somebody names are the whole list: the default one goes, and with it what a task needs before it starts. Image
 * layers come from S3, which has public addresses behind a gateway endpoint as well. On Kubernetes the node pulls images.
 */
function egressToImages({ services }: PartialStackConfig): Problem[] {
  return Object.entries(services ?? {}).flatMap(([name, { compute, egress }]) => {
    if (compute !== "ecs" || Object.values(egress).some(({ port, cidr }) => port === 443 && isPublic(cidr))) return [];
    const at = ["services", name, "egress"];
    const free = ["https", "images", "aws"].find((rule) => !Object.hasOwn(egress, rule)) ?? "public";
    return [
      {
        path: at,
        found: "has no rule for port 443 to public addresses",
        reason: "tasks could not start: image, secrets and logs come over 443, image layers from public addresses of S3",
        allowed: "the list is whole, so beside other rules one such as https: {port: 443, cidr: 0.0.0.0/0}",
        fix: [setCommand([...at, free, "port"], 443), setCommand([...at, free, "cidr"], "0.0.0.0/0")].join("\n                     "),
      },
    ];
  });
}

function isPublic(cidr: string): boolean {
  return !cidr.includes(":") && !isPrivate(cidr);
}

/** Of two services with one host and one path, the second would never get a request. */
function sameRoutes({ services }: PartialStackConfig): Problem[] {
  const seen = new Map<string, string>();
  return Object.entries(services ?? {}).flatMap(([name, { route }]) => {
    const paths = route.paths.length === 0 ? [""] : route.paths;
    return route.hosts.flatMap((host, index) => {
      const taken = paths.map((path) => seen.get(`${host} ${path}`)).find((other) => other !== undefined && other !== name);
      for (const path of paths) if (!seen.has(`${host} ${path}`)) seen.set(`${host} ${path}`, name);
      return taken === undefined
        ? []
        : [
            {
              path: ["services", name, "route", "hosts", index],
              found: `is ${showValue(host)}, which ${taken} has with the same path`,
              allowed: "a host or paths of its own",
            },
          ];
    });
  });
}

/** Rules of one load balancer, without its default ones (AWS quota "Rules per Application Load Balancer"). */
const ruleLimit = 100;
const rulesPerService = 3;

function ruleCount({ services }: PartialStackConfig): Problem[] {
  const count = Object.keys(services ?? {}).length;
  return count * rulesPerService <= ruleLimit
    ? []
    : [
        {
          path: ["services"],
          found: `has ${count} services, ${count * rulesPerService} rules of one load balancer`,
          allowed: `at most ${Math.floor(ruleLimit / rulesPerService)} services a stack (AWS takes ${ruleLimit} rules)`,
        },
      ];
}
