/** Whether a colour that an update gives more traffic has the targets for it: asked live, before anything is changed. */
import { backCapacity, forwardCapacity, type Healthy, type Needs } from "../../components/release/capacity.ts";
import { setCommand } from "../../infra/config/problem.ts";
import { type Colour, colours, otherColour, type Weights, weightsOf } from "../../infra/config/release.ts";
import type { StackConfig } from "../../infra/config/stack.ts";
import type { Aws } from "../aws/aws.ts";
import type { State } from "../engine/state.ts";
import { UserError } from "../userError.ts";
import { verifiedCloud } from "../verify/cloud.ts";
import { type ServicePlace, servicePlaces } from "../verify/places.ts";
import { percentages, reasonToStay } from "../verify/traffic.ts";
import { askForTasks, type ShortColour } from "./askForTasks.ts";

/** Percent of the figures; nothing to spare, as what serves now serves with as many. */
const headroom = 100;

/**
 * Asks for every service on ECS whose weights the update is about to change. A way back asks for the tasks that it lacks, and goes.
 * @returns one line for each way back with fewer targets than its share needs
 * @throws UserError naming every colour that has too few targets for more traffic, and what raises them
 */
export async function requireTargets(config: StackConfig, state: State, aws: Aws, stack: string): Promise<string[]> {
  const back = waysBack(state);
  const answers = await Promise.all(
    servicePlaces(config, state).map((place) => answerFor(place, back[place.service]?.rollbackTo ?? place.live, config, aws, stack)),
  );
  const refused = answers.flatMap((answer) => ("refused" in answer ? [answer.refused] : []));
  if (refused.length > 0) throw new UserError([...refused, "Nothing was changed, and traffic is where it was."].join("\n"));
  const short = answers.flatMap((answer) => ("short" in answer ? [answer] : []));
  return Promise.all(short.map(async (one) => `${one.told}: ${await askForTasks(one.short, config, state, aws)}`));
}

type Answer = { readonly refused: string } | { readonly told: string; readonly short: ShortColour } | Record<string, never>;

/** Where a rollback of each service leads, as the last complete update left it: labels that are set anew make no way back of a way forward. */
function waysBack({ resources }: State): Readonly<Record<string, { readonly rollbackTo?: Colour }>> {
  const outputs = resources.find(({ type }) => type === "pulumi:pulumi:Stack")?.outputs;
  return (outputs?.release ?? {}) as ReturnType<typeof waysBack>;
}

async function answerFor(place: ServicePlace, wayBack: Colour, config: StackConfig, aws: Aws, stack: string): Promise<Answer> {
  const { service, region, live, candidateWeight, ruleArn, groupArns } = place;
  if (ruleArn === undefined) return {};
  const cloud = verifiedCloud(aws);
  const now = await cloud.weights({ arn: ruleArn, region }).then(
    (found) => percentages(found, groupArns),
    () => undefined, // whether the rule can be read is the engine's to meet and to say
  );
  const wanted = weightsOf(live, candidateWeight);
  const riser = now === undefined ? undefined : colours.find((colour) => wanted[colour] > now[colour]);
  if (now === undefined || riser === undefined) return {};
  const healthy = await healthyTargets(place, aws);
  const needs = needsOf(place, now, healthy, config);
  const where = place.primary ? service : `${service} in ${region}`;
  if (riser === wayBack) {
    const capacity = backCapacity(riser, wanted[riser], healthy, needs);
    if (capacity.answer === "go") return {};
    if (capacity.answer === "goShort")
      return { told: `${where}: ${capacity.reason}`, short: { place, colour: riser, needed: capacity.value } };
    return { refused: `${where}: ${(await reasonToStay(riser, place, cloud)) ?? capacity.reason}` };
  }
  const capacity = forwardCapacity(riser, wanted[riser], healthy, needs);
  if (capacity.answer === "enough") return {};
  const reason =
    (await reasonToStay(riser, place, cloud)) ?? `${capacity.reason}.\n  ${raise(service, riser, capacity.value, config, stack)}`;
  return { refused: `${where}: ${reason}` };
}

/** How the colour gets the tasks: kept in reserve by config while the release is open. */
function raise(service: string, colour: Colour, tasks: number, { services }: StackConfig, stack: string): string {
  const maximum = services[service]?.scaling.maximum;
  if (maximum !== undefined && tasks > maximum) return `Its scaling.maximum is ${maximum}: raise that, or give ${colour} a smaller share.`;
  const command = setCommand(["services", service, "release", colour, "minimumTasks"], tasks).replace(
    " --path",
    ` --stack ${stack} --path`,
  );
  return `Have them run first, with the weights as they are: ${command}, then slipway up --stack ${stack}; the weight after it.`;
}

async function healthyTargets({ groupArns, region }: ServicePlace, aws: Aws): Promise<Healthy> {
  const cloud = verifiedCloud(aws);
  const counted = colours.map(async (colour) => {
    const arn = groupArns[colour];
    if (arn === undefined) return [colour, 0] as const;
    const found = await cloud.targetHealth({ arn, region }).catch((error: unknown) => {
      if (error instanceof UserError) return undefined;
      throw error;
    });
    return [colour, found?.healthy] as const;
  });
  return Object.fromEntries((await Promise.all(counted)).filter(([, healthy]) => healthy !== undefined));
}

/**
 * What all traffic needs, by the colour that has most of it: as many targets as it has, for as much as it serves. At its minimum a colour says
 * nothing of what it needs, and counts as enough for all.
 */
function needsOf({ service, minimumTasks }: ServicePlace, now: Weights, healthy: Healthy, { services }: StackConfig): Needs {
  const most: Colour = now.green > now.blue ? "green" : "blue";
  const serving = healthy[most] ?? healthy[otherColour(most)] ?? 0;
  const maximum = services[service]?.scaling.maximum ?? serving;
  const all = serving <= minimumTasks ? serving : Math.min(maximum, Math.ceil((serving * 100) / now[most]));
  return { liveRunning: Math.max(serving, all), headroom, minimum: 1 };
}
