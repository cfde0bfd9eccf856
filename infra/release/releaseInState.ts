/**
 * What the state holds of the services: written after each step, also of an update that failed, and so what the next one is held
 * against. Outputs of the last complete update count only for what nothing else holds. Pure.
 */
import { type Colour, colours, type Weights } from "../../components/colours.ts";
import { Names } from "../../components/environment/names.ts";
import { priorityBands } from "../../components/loadBalancer/weightedTargets.ts";
import { nothingRuns, type RunningColour } from "../../components/runningColour.ts";
import { describeContainer } from "../../components/service/container.ts";
import { namedTypes, trafficNames } from "../config/physicalNames.ts";
import { resourceName } from "../config/resourceName.ts";
import type { StackConfig } from "../config/stack.ts";
import { type DeployedRelease, type DeployedService, deployedService, servedUntil } from "./deployedRelease.ts";

/** Type and outputs of every resource of the state, by URN. What an update was about to delete is not among them. */
export type StateResources = Readonly<Record<string, { readonly type: string; readonly outputs: Readonly<Record<string, unknown>> }>>;

const ruleType = "aws:lb/listenerRule:ListenerRule";
const targetsType = "slipway:loadBalancer:WeightedTargets";

/**
 * The services as the state has them. Those on a cluster, and those of which it holds no rule, are as the outputs say.
 * @param recorded outputs of the last complete update
 * @param now time of this update: what lost its traffic in an update that failed has served until now at most
 */
export function releaseInState(
  state: StateResources,
  config: Pick<StackConfig, "system" | "environment" | "aws">,
  recorded: DeployedRelease,
  now: Date,
): DeployedRelease {
  const find = finder(state);
  const { region } = config.aws;
  const start = `${new Names(config, region).region}-`;
  const services = Object.entries(state).flatMap(([urn, { type }]) => {
    const name = resourceName(urn);
    return type === targetsType && name.startsWith(start) ? [name.slice(start.length)] : [];
  });
  const found = services.flatMap((service) => {
    const one = serviceInState(trafficNames(config, region, service), find, deployedService(recorded, service), now);
    return one === undefined ? [] : [[service, one] as const];
  });
  return { ...recorded, ...Object.fromEntries(found) };
}

/** An ECS service as AWS calls it. */
export interface EcsService {
  readonly cluster: string;
  readonly name: string;
}

/** Finds a colour's ECS service in a state; undefined where it has none. */
export function ecsServicesInState(
  state: StateResources,
  config: Pick<StackConfig, "system" | "environment" | "aws">,
): (service: string, colour: Colour) => EcsService | undefined {
  const find = finder(state);
  return (service, colour) => {
    const found = find(namedTypes.service, `${trafficNames(config, config.aws.region, service).rule}-${colour}`);
    return found === undefined ? undefined : { cluster: String(found.cluster), name: String(found.name) };
  };
}

type Find = (type: string, name: string) => Readonly<Record<string, unknown>> | undefined;

function finder(state: StateResources): Find {
  const byName = new Map(Object.entries(state).map(([urn, { type, outputs }]) => [`${type} ${resourceName(urn)}`, outputs]));
  return (type, name) => byName.get(`${type} ${name}`);
}

function serviceInState(
  names: ReturnType<typeof trafficNames>,
  find: Find,
  recorded: DeployedService | undefined,
  now: Date,
): DeployedService | undefined {
  const rule = find(ruleType, names.rule);
  if (rule === undefined) return undefined;
  const groups = { blue: find(namedTypes.targetGroup, names.groups.blue), green: find(namedTypes.targetGroup, names.groups.green) };
  const running = { blue: runningInState(`${names.rule}-blue`, find), green: runningInState(`${names.rule}-green`, find) };
  const forward = forwardOf(rule);
  const weights = weightsInState(forward, { blue: groups.blue?.arn, green: groups.green?.arn });
  const of = <T>(pick: (colour: Colour) => T) => ({ blue: pick("blue"), green: pick("green") });
  const ports = colours.flatMap((colour) => groups[colour]?.port ?? []);
  return {
    weights,
    // Without traffic an image counts once an update that deploys it has ended: nothing else says that its tasks got steady.
    images: of((colour) => (weights[colour] === 0 && recorded !== undefined ? recorded.images[colour] : running[colour].image)),
    capacity: of((colour) => (running[colour].tasks > 0 ? "full" : "zero")),
    settings: of((colour) => running[colour].settings),
    port: Number(ports[0]),
    priority: Number(rule.priority) - priorityBands.weighted,
    servedUntil: of((colour) => servedUntil(weights[colour], colour, recorded, now)),
    ...(sticksInState(forward) ? {} : { ruleSticks: false as const }),
    ...(recorded?.rollbackTo === undefined ? {} : { rollbackTo: recorded.rollbackTo }),
  };
}

/** A service that runs another revision than the state's newest is not taken for it: its update did not end. */
function runningInState(name: string, find: Find): RunningColour {
  const [service, task] = [find(namedTypes.service, name), find(namedTypes.taskDefinition, name)];
  if (service === undefined) return nothingRuns;
  const definitions = task?.arn === service.taskDefinition ? task?.containerDefinitions : undefined;
  return {
    ...(typeof definitions === "string" ? describeContainer(definitions) : nothingRuns),
    tasks: Number(service.desiredCount),
  };
}

/** A colour that is not in the rule has nothing: an automatic rollback takes one out where clients stick. */
function weightsInState({ targetGroups = [] }: Forward, arns: Readonly<Record<Colour, unknown>>): Weights {
  const weightOf = (arn: unknown) => {
    const weight = targetGroups.find((group) => group.arn === arn)?.weight;
    return weight === undefined ? 0 : weight;
  };
  return { blue: weightOf(arns.blue), green: weightOf(arns.green) };
}

/** A rule with one colour alone leaves its targets free to stick. */
function sticksInState({ targetGroups = [], stickiness }: Forward): boolean {
  return targetGroups.length < 2 || stickiness?.enabled === true;
}

/** What a rule does with a request. */
function forwardOf({ actions }: Readonly<Record<string, unknown>>): Forward {
  const [action] = actions as readonly { readonly forward?: Forward }[];
  const { forward = {} } = action ?? {};
  return forward;
}

interface Forward {
  readonly targetGroups?: readonly TargetShare[];
  readonly stickiness?: { readonly enabled?: boolean };
}

interface TargetShare {
  readonly arn?: string;
  readonly weight?: number;
}
