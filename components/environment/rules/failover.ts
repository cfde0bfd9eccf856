/** What is wrong between the regions of a stack, and between failover and the rest of the config. */

import { type BrokenRule, below, broken, type RulePath, showValue } from "../../contract/rule.ts";
import { describeShape, shapeOf } from "../../contract/shape.ts";
import { regionProbe } from "../../failover/contract.ts";
import { zonesInRegion } from "../../network/contract.ts";
import { overlap } from "../../network/ipv4.ts";
import {
  approvalRegion,
  carriedServices,
  checkedService,
  failoverDomain,
  failsOver,
  readOnlyVariable,
  regionRoles,
  standbys,
} from "../contract/failover.ts";
import { hostsOf, siteHosts } from "../contract/hostRecords.ts";
import { certifiedNames, isCovered, isInZone } from "../contract/hosts.ts";
import { secretPlace } from "../contract/secrets.ts";
import type { PartialStackConfig, StackConfig } from "../contract.ts";

/** Areas that the regions are checked against. */
type Whole = Pick<StackConfig, "failover" | "aws" | "network" | "dns" | "loadBalancer" | "secrets" | "services"> & PartialStackConfig;

/** Everything that is wrong with failover; nothing where it is off. */
export function failoverRules(config: PartialStackConfig): BrokenRule[] {
  const { failover } = config;
  if (failover === undefined) return [];
  if (!failsOver(config)) return withoutSecondary(failover);
  return isWhole(config)
    ? [...places(config), ...approvals(config), ...names(config), ...multiRegionServices(config), ...copies(config), ...checked(config)]
    : [];
}

function isWhole(config: PartialStackConfig): config is Whole {
  return (["failover", "aws", "network", "dns", "loadBalancer", "secrets", "services"] as const).every(
    (area) => config[area] !== undefined,
  );
}

/** Settings that do nothing by themselves: somebody believes that failover is on. */
function withoutSecondary({ tertiary, primary }: StackConfig["failover"]): BrokenRule[] {
  const missing = (path: RulePath): BrokenRule => ({
    path,
    found: "is given without failover.secondary, so failover is off",
    allowed: "a secondary region first",
    fix: { path: path },
  });
  return [
    ...(tertiary === undefined ? [] : [missing(["failover", "tertiary"])]),
    ...(primary.policy === "manual_approval" ? [missing(["failover", "primary", "policy"])] : []),
  ];
}

/** Regions apart, address blocks apart, zones in their region. */
function places(config: Whole): BrokenRule[] {
  const problems: BrokenRule[] = [];
  const earlier = [{ role: "aws" as string, region: config.aws.region as string, cidr: config.network.cidr }];
  for (const { role, region, zones, cidr } of standbys(config)) {
    const at = ["failover", role];
    const twin = earlier.find((other) => other.region === region);
    if (twin !== undefined)
      problems.push({
        path: [...at, "region"],
        found: `is ${showValue(region)}, as ${twin.role === "aws" ? "aws" : `failover.${twin.role}`}.region`,
        allowed: "another region: one that fails takes all in it with it",
      });
    const meets = earlier.find((other) => overlap(other.cidr, cidr));
    if (meets !== undefined) {
      const free = freeBlock([...earlier.map((other) => other.cidr), cidr]);
      problems.push({
        path: [...at, "cidr"],
        found: `is ${showValue(cidr)} and meets ${meets.cidr} of ${meets.region}`,
        reason: "networks that share addresses can never be joined, not even to move data back",
        allowed: "a block of its own",
        ...(free === undefined ? {} : { fix: { path: [...at, "cidr"], choose: `a block of its own, such as ${free}` } }),
      });
    }
    problems.push(...zonesInRegion({ region, zones }).map((broken) => below(at, broken)));
    earlier.push({ role, region, cidr });
  }
  return problems;
}

/** An approval has to be possible while the region that it is about is gone. */
function approvals(config: Whole): BrokenRule[] {
  const roles = regionRoles(config);
  const last = roles.at(-1);
  const problems: BrokenRule[] = [];
  if (last !== undefined && last.policy === "manual_approval")
    problems.push({
      path: ["failover", last.role, "policy"],
      found: 'is "manual_approval", and no region answers after this one',
      allowed: "automatic, or a further region",
      fix: { path: ["failover", last.role, "policy"], value: "automatic" },
    });
  const approvalsIn = approvalRegion(config);
  const about = roles
    .slice(0, -1)
    .find(({ region, policy, role }) => region === approvalsIn && (role === "primary" || policy === "manual_approval"));
  if (about !== undefined)
    problems.push({
      path: ["failover", "approval", "region"],
      found: `is ${showValue(approvalsIn)}, the region that an approval may be about`,
      reason: "when that region is lost nobody could approve anything",
      allowed: `another region, such as ${last?.region}`,
      fix: { path: ["failover", "approval", "region"], value: last?.region ?? "" },
    });
  return problems;
}

/** Own names of the regions, and the domain of the failover records. */
function names(config: Whole): BrokenRule[] {
  const { dns, loadBalancer } = config;
  const { alternativeNames } = loadBalancer.certificate;
  const problems: BrokenRule[] = [];
  const taken = new Set([...hostsOf(config), ...siteHosts(config)]);
  for (const { role, host } of regionRoles(config)) {
    const path = ["failover", role, "host"];
    if (!isCovered(config, host))
      problems.push({
        path,
        found: `is ${showValue(host)}, which the certificate does not cover`,
        allowed: `a name under ${certifiedNames(config).join(" or ")}`,
        fix: { path: ["loadBalancer", "certificate", "alternativeNames", alternativeNames.length], value: host },
      });
    if (taken.has(host))
      problems.push({
        path,
        found: `is ${showValue(host)}, a name that fails over, or belongs to another region or a site`,
        reason: "a check on it would ask whichever region answers just then",
        allowed: "a name that leads to this region alone",
        fix: { path: path },
      });
    taken.add(host);
  }
  const domain = failoverDomain(config);
  if (domain === dns.zone || !isInZone(domain, dns.zone) || taken.has(domain))
    problems.push({
      path: ["failover", "domain"],
      found: `is ${showValue(domain)}`,
      allowed: `a name below ${dns.zone} that nothing else has`,
      fix: { path: ["failover", "domain"], choose: `a name below ${dns.zone}` },
    });
  return problems;
}

/** Services that run in every region, and what they need there. */
function multiRegionServices(config: Whole): BrokenRule[] {
  const { failover, services, aws } = config;
  const problems: BrokenRule[] = [];
  for (const name of carriedServices(config)) {
    const service = services[name];
    const at = ["failover", "services", ...(failover.services === undefined ? [] : [failover.services.indexOf(name)])];
    if (service === undefined || service.compute !== "ecs") {
      problems.push({
        path: at,
        found: service === undefined ? `is ${name}, which is not among services` : `is ${name}, which runs on Kubernetes`,
        allowed: "services on ECS; a cluster in another region is another stack's",
        fix: { path: at },
      });
      continue;
    }
    const own = ["services", name];
    if (readOnlyVariable in service.environment || readOnlyVariable in service.secrets)
      problems.push({
        path: [...own, readOnlyVariable in service.environment ? "environment" : "secrets", readOnlyVariable],
        found: "is set, and failover sets it: true in a region that stands by",
        allowed: "another variable",
        fix: { path: [...own, readOnlyVariable in service.environment ? "environment" : "secrets", readOnlyVariable] },
      });
    for (const [variable, reference] of Object.entries(service.secrets)) {
      const place = secretPlace(config, reference);
      if (place.fixed && place.region === aws.region)
        problems.push({
          path: [...own, "secrets", variable],
          found: `is ${showValue(reference)}, a secret of ${aws.region} alone`,
          allowed: "a name under secrets, which failover keeps in every region",
        });
    }
    for (const standby of standbys(config))
      if (standby.pilotTasks !== undefined && standby.pilotTasks > service.scaling.maximum)
        problems.push({
          path: ["failover", standby.role, "pilotTasks"],
          found: `is ${standby.pilotTasks}, above the maximum ${service.scaling.maximum} of ${name}`,
          allowed: `an integer from 1 to ${service.scaling.maximum}`,
          fix: { path: ["failover", standby.role, "pilotTasks"], value: 1 },
        });
    problems.push(...staysBehind(config, name));
  }
  return problems;
}

/** Stores that exist in one region only. */
function staysBehind({ services, databases }: Whole, name: string): BrokenRule[] {
  const connects = services[name]?.connects;
  const fixed = [
    ...(connects?.databases ?? []).flatMap((store, index) => {
      const engine = databases?.[store]?.engine;
      return engine === undefined || engine === "postgres" ? [] : [[["databases", index], `${store}, on ${engine}`] as const];
    }),
    ...Object.keys(connects?.fileSystems ?? {}).map((store) => [["fileSystems", store], `${store}, a file system`] as const),
  ];
  return fixed.map(([path, what]) => ({
    path: ["services", name, "connects", ...path],
    found: `is ${what}, which failover does not carry to another region`,
    allowed: "PostgreSQL, caches and buckets; or failover.services without this service",
    fix: { path: ["services", name, "connects", ...path] },
  }));
}

/** A bucket's own second copy where failover keeps one already. */
function copies(config: Whole): BrokenRule[] {
  const regions = standbys(config).map(({ region }) => region as string);
  const used = new Set(carriedServices(config).flatMap((name) => Object.keys(config.services[name]?.connects.buckets ?? {})));
  return Object.entries(config.buckets ?? {}).flatMap(([name, bucket]) =>
    bucket.purpose === "documents" && bucket.replicaRegion !== undefined && regions.includes(bucket.replicaRegion) && used.has(name)
      ? broken({
          path: ["buckets", name, "replicaRegion"],
          found: `is ${showValue(bucket.replicaRegion)}, where failover keeps a copy already`,
          allowed: "another region, or none",
          fix: { path: ["buckets", name, "replicaRegion"] },
        })
      : [],
  );
}

function checked(config: Whole): BrokenRule[] {
  const { service } = config.failover.check;
  const all = carriedServices(config);
  if (service === undefined || all.includes(service)) return longPath(config);
  return broken({
    path: ["failover", "check", "service"],
    found: `is ${showValue(service)}, which does not run in every region`,
    allowed: all.join(", "),
    fix: { path: ["failover", "check", "service"] },
  });
}

/** The path of a service's own health check may be longer than one that a region is asked. */
function longPath(config: Whole): BrokenRule[] {
  const { service, path } = checkedService(config);
  if (regionProbe.shape.path.safeParse(path).success) return [];
  return broken({
    path: ["failover", "check", "path"],
    found: `is missing, and the path of ${service}'s health check is too long for Route 53's`,
    allowed: describeShape(shapeOf(regionProbe.shape.path)),
    fix: { path: ["failover", "check", "path"], choose: "a shorter path" },
  });
}

function freeBlock(taken: readonly string[]): string | undefined {
  const blocks = Array.from({ length: 256 }, (_, second) => `10.${(second + 120) % 256}.0.0/16`);
  return blocks.find((block) => !taken.some((other) => overlap(block, other)));
}
