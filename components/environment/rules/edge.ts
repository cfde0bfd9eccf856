/** What is wrong between the edge's own rules, and between the edge and the rest of the stack. */

import { type BrokenRule, below } from "../../contract/rule.ts";
import { cloudflareZoneProblems } from "../../edge/cloudflare/zoneProblems.ts";
import { brokenBy } from "../../edge/problem.ts";
import { conditionLimit } from "../../loadBalancer/contract.ts";
import { regionHost } from "../contract/failover.ts";
import { hostsOf, proxiedHosts, writesRecords } from "../contract/hostRecords.ts";
import { coveringName, isCovered } from "../contract/hosts.ts";
import type { PartialStackConfig, StackConfig } from "../contract.ts";

type Edge = StackConfig["edge"];
type Cloudflare = Extract<Edge, { provider: "cloudflare" }>;

/** Stars in a listener rule's conditions that the load balancer takes. */
const conditionStars = 5;

/** Everything that is wrong between the edge and the rest of the stack. */
export function edgeRules(config: PartialStackConfig): BrokenRule[] {
  const { edge, loadBalancer } = config;
  if (edge === undefined) return [];
  const locked = edge.provider === "cloudflare" && edge.origin.lock;
  const problems: BrokenRule[] = [];
  if (loadBalancer?.allowFrom.length === 0 && !locked)
    problems.push({
      path: ["loadBalancer", "allowFrom"],
      found: "is [], so nobody can connect",
      allowed: "addresses that may connect; nobody else can",
      fix: { path: ["loadBalancer", "allowFrom", 0], choose: "a block that may connect; 0.0.0.0/0 is everybody" },
    });
  if (edge.provider === "cloudflare") problems.push(...cloudflareChecks(edge, config));
  return problems;
}

function cloudflareChecks(edge: Cloudflare, config: PartialStackConfig): BrokenRule[] {
  const { dns } = config;
  const problems: BrokenRule[] = [];
  if (dns !== undefined && dns.provider !== "cloudflare")
    problems.push({
      path: ["edge", "provider"],
      found: `is "cloudflare" while the zone is at ${dns.provider}`,
      allowed: "awsWaf or none, without the keys that only Cloudflare has",
    });
  if (!edge.zoneRules)
    for (const key of ["rules", "redirects"] as const)
      for (const rule of Object.keys(edge[key]))
        problems.push({
          path: ["edge", key, rule],
          found: "is declared while zoneRules is false",
          allowed: "rules in the stack that declares the zone's",
          fix: { path: ["edge", key, rule] },
        });
  for (const problem of cloudflareZoneProblems({ ...edge, zoneId: "", hosts: hostsOf(config) }))
    problems.push(below(["edge"], brokenBy(problem)));
  problems.push(...unreachedRedirects(edge, config));
  return edge.origin.lock ? [...problems, ...lockChecks(edge, config)] : problems;
}

/**
 * Cloudflare sees the requests of a host only where its record is proxied ("Proxy status"). A warning: somebody else may have made the
 * record, and where the stack writes none somebody has.
 */
function unreachedRedirects({ redirects }: Cloudflare, config: PartialStackConfig): BrokenRule[] {
  if (!writesRecords(config)) return [];
  const proxied = proxiedHosts(config);
  return Object.entries(redirects).flatMap(([name, { when }]) =>
    (when.hosts ?? []).flatMap((host, index): BrokenRule[] =>
      coveringName(proxied, host) !== undefined
        ? []
        : [
            {
              path: ["edge", "redirects", name, "when", "hosts", index],
              found: `is ${JSON.stringify(host)}, and the stack has no proxied record of it`,
              allowed:
                "a host of a service or of a proxied site; or one whose record is made elsewhere, proxied (AAAA to 100:: where nothing is behind it)",
              severity: "warning",
            },
          ],
    ),
  );
}

function lockChecks({ zoneRules, origin }: Cloudflare, { aws, failover, loadBalancer, services }: PartialStackConfig): BrokenRule[] {
  const problems: BrokenRule[] = [];
  const unlock = { path: ["edge", "origin", "lock"], value: false };
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
        fix: { path: ["loadBalancer", "allowFrom", index] },
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
        fix: { path: ["loadBalancer", "certificate", "alternativeNames", alternativeNames.length], value: host },
      });
  }
  return problems;
}
