/** Rules between services, and between a service and what it is given: routes, images, variables, secrets. */
import { type BrokenRule, broken, showValue } from "../../contract/rule.ts";
import { route as routeOf } from "../../loadBalancer/contract.ts";
import { repository as image } from "../../registry/contract.ts";
import { secretPlace } from "../contract/secrets.ts";
import type { PartialStackConfig, StackConfig } from "../contract.ts";

type Rollout = StackConfig["rollout"];
type Service = StackConfig["services"][string];

/** Everything wrong with the services. */
export function servicesRules(config: PartialStackConfig): BrokenRule[] {
  const { aws, rollout, secrets } = config;
  const services = Object.entries(config.services ?? {});
  return [
    ...distinctPriorities(services),
    ...knownRepositories(config),
    ...onlyForeign(config),
    ...sameRoutes(config),
    ...ruleCount(config),
    ...services.flatMap(([name, service]) => [
      ...givenTwice(name, service),
      ...(aws === undefined || secrets === undefined ? [] : foreignSecrets(name, service, { aws, secrets })),
      ...stickyWithinBake(name, service, rollout),
    ]),
  ];
}

function distinctPriorities(services: readonly (readonly [string, Service])[]): BrokenRule[] {
  const seen = new Map<number, string>();
  return services.flatMap(([name, { route }]) => {
    const other = seen.get(route.priority);
    seen.set(route.priority, name);
    if (other === undefined) return [];
    const free = Math.max(...services.map(([, service]) => service.route.priority)) + 10;
    const value = Math.min(free, routeOf.shape.priority.maxValue ?? free);
    return broken({
      path: ["services", name, "route", "priority"],
      found: `is ${route.priority}, as for ${other}`,
      allowed: `a number that no other service has, such as ${value}`,
      fix: { path: ["services", name, "route", "priority"], value },
    });
  });
}

function knownRepositories({ registry, services }: PartialStackConfig): BrokenRule[] {
  if (registry === undefined || services === undefined || registry.from !== undefined) return [];
  const known = Object.keys(registry.repositories);
  return Object.entries(services).flatMap(([name, { repository }]) =>
    known.includes(repository)
      ? []
      : broken({
          path: ["services", name, "repository"],
          found: `is ${showValue(repository)}, which is not among registry.repositories`,
          allowed: known.length === 0 ? "a repository that registry.repositories declares" : known.join(", "),
          fix: { path: ["registry", "repositories", repository, "keepImages"], value: image.parse({}).keepImages },
        }),
  );
}

/** A stack has repositories of its own or runs the images of another's. One that fails over needs them in each of its regions. */
function onlyForeign({ registry, failover }: PartialStackConfig): BrokenRule[] {
  if (registry?.from === undefined) return [];
  const own = Object.keys(registry.repositories);
  const allowed = "registry.from for images of another stack, or registry.repositories for repositories of its own";
  return [
    ...(own.length === 0
      ? []
      : broken({
          path: ["registry", "from"],
          found: `is given beside registry.repositories (${own.join(", ")})`,
          allowed,
          fix: own.map((name) => ({ path: ["registry", "repositories", name] })),
        })),
    ...(registry.pullAccounts.length === 0
      ? []
      : broken({
          path: ["registry", "pullAccounts"],
          found: "is given beside registry.from: who owns the repositories says who may pull",
          allowed,
          fix: { path: ["registry", "pullAccounts"] },
        })),
    ...(failover?.secondary === undefined
      ? []
      : broken({
          path: ["registry", "from"],
          found: "is given beside failover.secondary",
          reason: "a region that is lost takes its images with it",
          allowed: "repositories of its own for a stack that fails over: they are copied to each region",
          fix: { path: ["registry", "from"] },
        })),
  ];
}

/** Of two services with one host and one path, the second would never get a request. */
function sameRoutes({ services }: PartialStackConfig): BrokenRule[] {
  const seen = new Map<string, string>();
  return Object.entries(services ?? {}).flatMap(([name, { route }]) => {
    const paths = route.paths.length === 0 ? [""] : route.paths;
    return route.hosts.flatMap((host, index) => {
      const taken = paths.map((path) => seen.get(`${host} ${path}`)).find((other) => other !== undefined && other !== name);
      for (const path of paths) if (!seen.has(`${host} ${path}`)) seen.set(`${host} ${path}`, name);
      return taken === undefined
        ? []
        : broken({
            path: ["services", name, "route", "hosts", index],
            found: `is ${showValue(host)}, which ${taken} has with the same path`,
            allowed: "a host or paths of its own",
          });
    });
  });
}

/** Rules of one load balancer, without its default ones (AWS quota "Rules per Application Load Balancer"). */
const ruleLimit = 100;
const rulesPerService = 3;

function ruleCount({ services }: PartialStackConfig): BrokenRule[] {
  const count = Object.keys(services ?? {}).length;
  return count * rulesPerService <= ruleLimit
    ? []
    : broken({
        path: ["services"],
        found: `has ${count} services, ${count * rulesPerService} rules of one load balancer`,
        allowed: `at most ${Math.floor(ruleLimit / rulesPerService)} services a stack (AWS takes ${ruleLimit} rules)`,
      });
}

function givenTwice(name: string, { environment, secrets }: Service): BrokenRule[] {
  return Object.keys(environment)
    .filter((variable) => Object.hasOwn(secrets, variable))
    .map((variable) => ({
      path: ["services", name, "environment", variable],
      found: "is among the secrets as well",
      allowed: "a variable in one of the two",
      fix: { path: ["services", name, "environment", variable] },
    }));
}

function foreignSecrets(name: string, service: Service, config: Pick<StackConfig, "aws" | "secrets">): BrokenRule[] {
  const { aws } = config;
  return Object.entries(service.secrets).flatMap(([variable, reference]) => {
    const { region, account } = secretPlace(config, reference);
    if (region === aws.region && account === aws.accountId) return [];
    return broken({
      path: ["services", name, "secrets", variable],
      found: `is in ${region}, account ${account}`,
      reason: "tasks read secrets with the rights of their own account and region",
      allowed: `a secret in ${aws.region}, account ${aws.accountId}`,
    });
  });
}

/** Clients see a step before it is judged. */
function stickyWithinBake(name: string, { release }: Service, rollout: Rollout | undefined): BrokenRule[] {
  const { stickinessSeconds } = release;
  if (rollout === undefined || stickinessSeconds === undefined) return [];
  const smallestBake = Math.min(...rollout.steps.map((step) => step.bakeMinutes)) * 60;
  if (stickinessSeconds <= smallestBake) return [];
  const path = ["services", name, "release", "stickinessSeconds"];
  return broken({
    path,
    found: `is ${stickinessSeconds}, longer than the smallest bake of the rollout`,
    allowed: `at most ${smallestBake} seconds, so that clients see a step before it is judged`,
    fix: { path: path, value: smallestBake },
  });
}
