/** Rules between values that a single field's schema cannot know. Each works on the areas that could be read. */
import { route as routeOf } from "../../components/loadBalancer/contract.ts";
import { zonesInRegion } from "../../components/network/contract.ts";
import { repository as image } from "../../components/registry/contract.ts";
import { accessProblems } from "./accessChecks.ts";
import { alarmProblems } from "./alarmChecks.ts";
import { autoRollbackProblems } from "./autoRollbackChecks.ts";
import { backupProblems } from "./backupChecks.ts";
import { dataRules } from "./dataChecks.ts";
import { edgeChecks } from "./edgeChecks.ts";
import { failoverChecks } from "./failoverChecks.ts";
import { hostRecordProblems } from "./hostRecords.ts";
import { certifiedNames, isCovered, isInZone } from "./hosts.ts";
import { kubernetesChecks } from "./kubernetesChecks.ts";
import { logProblems } from "./logChecks.ts";
import { notificationProblems } from "./notificationChecks.ts";
import { inConfig, type Problem, setCommand, showValue } from "./problem.ts";
import { reachProblems } from "./reachChecks.ts";
import { secretProblems } from "./secretChecks.ts";
import { siteProblems } from "./siteChecks.ts";
import type { PartialStackConfig, StackConfig } from "./stack.ts";
import { taskProblems } from "./taskChecks.ts";
import { uptimeProblems } from "./uptimeChecks.ts";

type Rollout = StackConfig["rollout"];
type Service = StackConfig["services"][string];

/** Everything that is wrong between areas or between fields. */
export function checkTogether(config: PartialStackConfig): Problem[] {
  const problems = [
    ...ownZones(config),
    ...placeholders(config),
    ...certificateCovers(config),
    ...dataRules(config),
    ...backupProblems(config),
    ...edgeChecks(config),
    ...siteProblems(config),
    ...hostRecordProblems(config),
    ...secretProblems(config),
    ...accessProblems(config),
    ...logProblems(config),
    ...uptimeProblems(config),
    ...notificationProblems(config),
    ...autoRollbackProblems(config),
    ...alarmProblems(config),
    ...failoverChecks(config),
  ];
  const services = Object.entries(config.services ?? {});
  problems.push(...distinctPriorities(services), ...knownRepositories(config), ...kubernetesChecks(config));
  problems.push(...reachProblems(config), ...taskProblems(config));
  for (const [name, service] of services) {
    problems.push(...stickyWithinBake(name, service, config.rollout));
  }
  return problems;
}

function ownZones({ aws, network }: PartialStackConfig): Problem[] {
  if (aws === undefined || network === undefined) return [];
  return zonesInRegion({ region: aws.region, zones: network.zones }).map((broken) => inConfig(["network"], broken));
}

/** Hosts that the seeds use as stand-ins and that belong to somebody else. */
const placeholderHosts = /(^|\.)(yourdomain\.com|your-custom-domain\.com|your-app\.vercel\.app|your-backend\.onrender\.com|example\.com)$/;

function placeholders({ dns, loadBalancer, services }: PartialStackConfig): Problem[] {
  const hosts: [readonly (string | number)[], string][] = [];
  if (dns !== undefined) hosts.push([["dns", "zone"], dns.zone]);
  if (loadBalancer !== undefined) {
    const { domain, alternativeNames } = loadBalancer.certificate;
    hosts.push([["loadBalancer", "certificate", "domain"], domain]);
    for (const [index, name] of alternativeNames.entries()) hosts.push([["loadBalancer", "certificate", "alternativeNames", index], name]);
  }
  for (const [name, service] of Object.entries(services ?? {})) {
    for (const [index, host] of service.route.hosts.entries()) hosts.push([["services", name, "route", "hosts", index], host]);
  }
  return hosts.flatMap(([path, host]) =>
    placeholderHosts.test(host)
      ? [{ path, found: `is ${showValue(host)}, a placeholder that belongs to somebody else`, allowed: "a domain of your own" }]
      : [],
  );
}

function certificateCovers({ dns, loadBalancer, services }: PartialStackConfig): Problem[] {
  if (loadBalancer === undefined || services === undefined) return [];
  const { alternativeNames } = loadBalancer.certificate;
  return Object.entries(services).flatMap(([service, { route, compute }]) =>
    route.hosts.flatMap((host, index) =>
      // The gateway of a cluster has certificates of its own.
      compute === "kubernetes" || isCovered({ loadBalancer }, host)
        ? []
        : [
            {
              path: ["services", service, "route", "hosts", index],
              found: `is ${showValue(host)}, which the certificate does not cover`,
              allowed: `a host under ${certifiedNames({ loadBalancer }).join(" or ")}`,
              ...(dns !== undefined && isInZone(host, dns.zone)
                ? { fix: setCommand(["loadBalancer", "certificate", "alternativeNames", alternativeNames.length], host) }
                : {}),
            },
          ],
    ),
  );
}

function distinctPriorities(services: readonly (readonly [string, Service])[]): Problem[] {
  const seen = new Map<number, string>();
  return services.flatMap(([name, { route }]) => {
    const other = seen.get(route.priority);
    seen.set(route.priority, name);
    if (other === undefined) return [];
    const free = Math.max(...services.map(([, service]) => service.route.priority)) + 10;
    return [
      {
        path: ["services", name, "route", "priority"],
        found: `is ${route.priority}, as for ${other}`,
        allowed: "a number that no other service has",
        fix: setCommand(["services", name, "route", "priority"], Math.min(free, routeOf.shape.priority.maxValue ?? free)),
      },
    ];
  });
}

function knownRepositories({ registry, services }: PartialStackConfig): Problem[] {
  if (registry === undefined || services === undefined) return [];
  const known = Object.keys(registry.repositories);
  return Object.entries(services).flatMap(([name, { repository }]) =>
    known.includes(repository)
      ? []
      : [
          {
            path: ["services", name, "repository"],
            found: `is ${showValue(repository)}, which is not among registry.repositories`,
            allowed: known.length === 0 ? "a repository that registry.repositories declares" : known.join(", "),
            fix: setCommand(["registry", "repositories", repository, "keepImages"], image.parse({}).keepImages),
          },
        ],
  );
}

/** Clients see a step before it is judged. */
function stickyWithinBake(name: string, { release }: Service, rollout: Rollout | undefined): Problem[] {
  const { stickinessSeconds } = release;
  if (rollout === undefined || stickinessSeconds === undefined) return [];
  const smallestBake = Math.min(...rollout.steps.map((step) => step.bakeMinutes)) * 60;
  if (stickinessSeconds <= smallestBake) return [];
  const path = ["services", name, "release", "stickinessSeconds"];
  return [
    {
      path,
      found: `is ${stickinessSeconds}, longer than the smallest bake of the rollout`,
      allowed: `at most ${smallestBake} seconds, so that clients see a step before it is judged`,
      fix: setCommand(path, smallestBake),
    },
  ];
}
