/** What is wrong between the edge's own rules, and between the edge and the rest of the stack. */
import { cloudflareZoneProblems } from "../../components/edge/cloudflare/zoneProblems.ts";
import { brokenBy } from "../../components/edge/problem.ts";
import { conditionLimit } from "../../components/loadBalancer/contract.ts";
import { regionHost } from "./failover.ts";
import { isCovered } from "./hosts.ts";
import { inConfig, type Problem, removeCommand, setCommand } from "./problem.ts";
import type { PartialStackConfig, StackConfig } from "./stack.ts";

type Edge = StackConfig["edge"];
type Cloudflare = Extract<Edge, { provider: "cloudflare" }>;

/** Stars in a listener rule's conditions that the load balancer takes. */
const conditionStars = 5;

/** Everything that is wrong between the edge and the rest of the stack. */
export function edgeChecks(config: PartialStackConfig): Problem[] {
  const { edge, loadBalancer } = config;
  if (edge === undefined) return [];
  const locked = edge.provider === "cloudflare" && edge.origin.lock;
  const problems: Problem[] = [];
  if (loadBalancer?.allowFrom.length === 0 && !locked)
    problems.push({
      path: ["loadBalancer", "allowFrom"],
      found: "is [], so nobody can connect",
      allowed: "addresses that may connect; nobody else can",
      fix: setCommand(["loadBalancer", "allowFrom", 0], "0.0.0.0/0"),
    });
  if (edge.provider === "cloudflare") problems.push(...cloudflareChecks(edge, config));
  return problems;
}

function cloudflareChecks(edge: Cloudflare, config: PartialStackConfig): Problem[] {
  const { dns } = config;
  const problems: Problem[] = [];
  if (dns !== undefined && dns.provider !== "cloudflare")
    problems.push({
      path: ["edge", "provider"],
      found: `is "cloudflare" while the zone is at ${dns.provider}`,
      allowed: "awsWaf",
      fix: setCommand(["edge", "provider"], "awsWaf"),
    });
  if (!edge.zoneRules)
    for (const key of ["rules", "redirects"] as const)
      for (const rule of Object.keys(edge[key]))
        problems.push({
          path: ["edge", key, rule],
          found: "is declared while zoneRules is false",
          allowed: "rules in the stack that declares the zone's",
          fix: removeCommand(["edge", key, rule]),
        });
  for (const problem of cloudflareZoneProblems({ ...edge, zoneId: "", hosts: hostsOf(config) }))
    problems.push({ ...inConfig(["edge"], brokenBy(problem)), severity: problem.severity ?? "error" });
  return edge.origin.lock ? [...problems, ...lockChecks(edge, config)] : problems;
}

function lockChecks({ zoneRules, origin }: Cloudflare, { aws, failover, loadBalancer, services }: PartialStackConfig): Problem[] {
  const problems: Problem[] = [];
  const unlock = setCommand(["edge", "origin", "lock"], false);
  if (!zoneRules)
    problems.push({
      path: ["edge", "origin", "lock"],
      found: "is true while zoneRules is false, so no rule would send the secret",
      allowed: "false",
      fix: unlock,
    });
  for (const [index, block] of (loadBalancer?.allowFrom ?? []).entries()) {
    if (/\/0$/.test(block))
      problems.push({
        path: ["loadBalancer", "allowFrom", index],
        found: `is ${JSON.stringify(block)}, which lets everybody past the edge`,
        allowed: "single blocks, or an empty list: Cloudflare's own addresses are let in by edge.origin",
        fix: removeCommand(["loadBalancer", "allowFrom", index]),
      });
  }
  for (const [name, { route }] of Object.entries(services ?? {})) {
    const values = route.hosts.length + route.paths.length + 2;
    const stars = [...route.hosts, ...route.paths].filter((value) => value.includes("*")).length + 2;
    if (values > conditionLimit || stars > conditionStars)
      problems.push({
        path: ["services", name, "route"],
        found: `has ${route.hosts.length} hosts and ${route.paths.length} paths while edge.origin.lock is true`,
        allowed: "three hosts and paths together, three of them with a star (the candidate header and the origin header take a value each)",
        fix: unlock,
      });
  }
  if (origin.healthChecks && aws !== undefined && failover !== undefined && loadBalancer !== undefined) {
    const host = regionHost({ aws, failover, loadBalancer }, aws.region);
    const { alternativeNames } = loadBalancer.certificate;
    if (!isCovered({ loadBalancer }, host))
      problems.push({
        path: ["edge", "origin", "healthChecks"],
        found: `is true, and the certificate does not cover ${host}`,
        allowed: "false, or a certificate with that name",
        fix: setCommand(["loadBalancer", "certificate", "alternativeNames", alternativeNames.length], host),
      });
  }
  return problems;
}

/** Every host of every service, in order. */
export function hostsOf({ services }: PartialStackConfig): string[] {
  return [...new Set(Object.values(services ?? {}).flatMap(({ route }) => route.hosts))].sort();
}
