/** Changes that would reach users before they have proved themselves, or that take away what users are on. */
import { type Colour, colours, otherColour, weightsOf } from "../../components/colours.ts";
import { route } from "../../components/loadBalancer/contract.ts";
import { type Problem, setCommand } from "../config/problem.ts";
import type { StackConfig } from "../config/stack.ts";
import { type DeployedRelease, type DeployedService, deployedService } from "./deployedRelease.ts";
import { settingsFingerprint } from "./settingsFingerprint.ts";

type ServiceConfig = StackConfig["services"][string];

interface Case {
  readonly name: string;
  readonly service: ServiceConfig;
  readonly before: DeployedService;
  /** Weights that this update wants. */
  readonly weights: Readonly<Record<Colour, number>>;
}

/**
 * Everything about releases that must not happen in this update. Going back to the live colour is never among it, unless
 * that colour's image changes in the same breath.
 * @param now time of this update
 */
export function unsafeChanges(
  config: Pick<StackConfig, "services" | "rollout" | "protect">,
  deployed: DeployedRelease,
  now: Date,
): Problem[] {
  const known = Object.entries(config.services).flatMap(([name, service]): Case[] => {
    const before = deployedService(deployed, name);
    const { live, candidateWeight } = service.release;
    return before === undefined ? [] : [{ name, service, before, weights: weightsOf(live, candidateWeight) }];
  });
  return [
    ...known.flatMap((one) => colours.flatMap((colour) => colourProblems(one, colour, config.rollout.retainOldMinutes, now).slice(0, 1))),
    ...known.flatMap(settingsWithWeights),
    ...known.flatMap(portChange),
    ...takenPriorities(config.services, deployed),
    ...(config.protect ? removedServices(config.services, deployed) : []),
  ];
}

/** What is wrong with one colour, the gravest first. */
function colourProblems({ name, service, before, weights }: Case, colour: Colour, retainMinutes: number, now: Date): Problem[] {
  const { release } = service;
  const at = (key: string) => ["services", name, "release", colour, key];
  const image = release[colour].image ?? "";
  const was = before.images[colour];
  const candidate = colour === otherColour(release.live);
  const changed = image !== was && (was !== "" || candidate);
  const noTraffic = candidate ? { fix: setCommand(["services", name, "release", "candidateWeight"], 0) } : {};
  const problems: Problem[] = [];
  if (changed && was !== "" && before.weights[colour] > 0)
    problems.push({
      path: at("image"),
      found: image === "" ? "is removed" : `is ${short(image)}`,
      reason: `${colour} ${candidate ? "serves" : "is live and serves"} ${before.weights[colour]} % of the traffic with ${short(was)}; only the idle colour's image may change`,
      allowed: `the deployed digest, and the new one in ${otherColour(colour)}`,
      fix: setCommand(at("image"), was),
    });
  if (changed && weights[colour] > before.weights[colour])
    problems.push({
      path: at("image"),
      found: `is ${short(image)}, not deployed yet`,
      reason: `${colour} would get ${weights[colour]} % of the traffic before its tasks are steady`,
      allowed: "traffic after an update that deploys the image with weight 0",
      ...noTraffic,
    });
  if (weights[colour] > before.weights[colour] && before.capacity[colour] === "zero")
    problems.push({
      path: at("capacity"),
      found: "is full, and no task has run yet",
      reason: `${colour} would get ${weights[colour]} % of the traffic before its tasks run`,
      allowed: "traffic after an update that starts the tasks with weight 0",
      ...noTraffic,
    });
  const goes = before.capacity[colour] === "full" && (release[colour].capacity === "zero" || image === "");
  if (goes && before.weights[colour] > 0)
    problems.push({
      path: at("capacity"),
      found: 'is "zero"',
      reason: `${colour} has served ${before.weights[colour]} % of the traffic until this update, and is the way back`,
      allowed: `full, and zero ${retainMinutes} minutes after an update that takes its traffic away`,
      fix: setCommand(at("capacity"), "full"),
    });
  const until = before.servedUntil[colour] === "" ? 0 : Date.parse(before.servedUntil[colour]) + retainMinutes * 60_000;
  if (goes && before.weights[colour] === 0 && until > now.getTime())
    problems.push({
      path: at("capacity"),
      found: 'is "zero"',
      reason: `${colour} had traffic until ${before.servedUntil[colour]}, and rollout.retainOldMinutes keeps the way back open`,
      allowed: `full, and zero from ${new Date(until).toISOString()} on`,
      fix: setCommand(at("capacity"), "full"),
    });
  return problems;
}

/** New settings restart both colours' tasks; while they do, traffic stays where it is. */
function settingsWithWeights({ name, service, before, weights }: Case): Problem[] {
  const moved = colours.filter((colour) => weights[colour] > before.weights[colour]);
  const fingerprint = settingsFingerprint(service);
  return moved
    .filter(
      (colour) => colour === otherColour(service.release.live) && before.settings[colour] !== "" && before.settings[colour] !== fingerprint,
    )
    .map((colour) => ({
      path: ["services", name, "release", "candidateWeight"],
      found: `is ${service.release.candidateWeight}, together with other settings of the tasks`,
      reason: `${colour} would get more traffic before it has run with the new settings`,
      allowed: `${before.weights[colour]} in this update, and more in the next`,
      fix: setCommand(["services", name, "release", "candidateWeight"], before.weights[colour]),
    }));
}

/** Another port means other target groups, which are empty when the rule turns to them. */
function portChange({ name, service, before }: Case): Problem[] {
  if (service.port === before.port || colours.every((colour) => before.capacity[colour] === "zero")) return [];
  return [
    {
      path: ["services", name, "port"],
      found: `is ${service.port}, and the running tasks listen on ${before.port}`,
      reason: "all traffic would go to target groups that are still empty",
      allowed: `${before.port}; for another port add a service with another name and move its hosts there`,
      fix: setCommand(["services", name, "port"], before.port),
    },
  ];
}

/**
 * AWS refuses a priority that another rule still has, and rules that go are deleted last: what a service gives up in this update, by
 * another number or by leaving, is for the next.
 */
function takenPriorities(services: StackConfig["services"], deployed: DeployedRelease): Problem[] {
  const onBalancer = Object.entries(services).filter(([, { compute }]) => compute === "ecs");
  const taken = new Set([...Object.values(deployed), ...onBalancer.map(([, { route }]) => route)].map(({ priority }) => priority));
  return onBalancer.flatMap(
    ([
      name,
      {
        route: { priority },
      },
    ]) => {
      const holder = Object.keys(deployed).find(
        (other) => other !== name && deployed[other]?.priority === priority && services[other]?.compute !== "kubernetes",
      );
      if (holder === undefined || deployedService(deployed, name)?.priority === priority) return [];
      return [
        {
          path: ["services", name, "route", "priority"],
          found: `is ${priority}, which ${holder} has until this update`,
          allowed: "a number that no rule has now; to pass one on takes two updates",
          fix: setCommand(["services", name, "route", "priority"], freePriority(taken)),
        },
      ];
    },
  );
}

/** A number that none has, and none is told again: behind all others, or where there is no room the lowest. */
function freePriority(taken: Set<number>): number {
  const last = Math.max(0, ...taken) + 10;
  let free = last <= (route.shape.priority.maxValue ?? last) ? last : 1;
  while (taken.has(free)) free++;
  taken.add(free);
  return free;
}

function removedServices(services: StackConfig["services"], deployed: DeployedRelease): Problem[] {
  return Object.entries(deployed)
    .filter(([name, { weights }]) => !Object.hasOwn(services, name) && colours.some((colour) => weights[colour] > 0))
    .map(([name]) => ({
      path: ["services", name],
      found: "is removed or renamed while it serves",
      reason: "its rules and tasks would be deleted, and the stack is protected",
      allowed: "the service as it was; to remove it, set slipway:protect to false for that one update",
    }));
}

function short(digest: string): string {
  return digest.length > 19 ? `${digest.slice(0, 19)}…` : digest;
}
