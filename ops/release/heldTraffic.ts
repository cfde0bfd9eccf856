/**
 * Traffic on a cluster that would wait for something that does not get ready: the engine updates that again in each update, which takes
 * the provider ten minutes and fails. So where traffic goes back, or where nothing else is to do, it is moved by itself.
 */

import { partVariable } from "../../infra/config/commandVariables.ts";
import { colours, weightsOf } from "../../infra/config/release.ts";
import { resourceName } from "../../infra/config/resourceName.ts";
import type { StackConfig } from "../../infra/config/stack.ts";
import type { ChangeSet, ResourceChange } from "../engine/changes.ts";
import type { State, StateResource } from "../engine/state.ts";
import type { Cluster } from "../kubernetes/cluster.ts";
import { placeOf } from "../recovery/trafficDrift.ts";
import { UserError } from "../userError.ts";
import { rulesOf, weightsIn } from "./clusterService.ts";
import { rollbackTo } from "./situation.ts";

/** What an update asks with. */
interface Asked {
  readonly config: Pick<StackConfig, "services" | "kubernetes">;
  readonly state: State;
  readonly cluster: Pick<Cluster, "read">;
  /** What the update would change. @throws UserError when the engine fails */
  readonly plan: () => Promise<ChangeSet>;
}

/** What is moved by itself. */
export interface HeldTraffic {
  /** Routes and Services that move. */
  readonly urns: readonly string[];
  /** What does not get ready. */
  readonly unready: readonly StateResource[];
}

interface Move {
  readonly urn: string;
  /** It gives more to the colour that a rollback leads to. */
  readonly back: boolean;
}

/** @returns undefined where nothing is held: an update as always */
export async function heldTraffic(asked: Asked): Promise<HeldTraffic | undefined> {
  const unready = asked.state.resources.filter(({ type, initErrors = [] }) => type.startsWith("kubernetes:") && initErrors.length > 0);
  if (unready.length === 0) return undefined;
  const moves = await movesOf(asked);
  const back = moves.filter((move) => move.back);
  const urns = (back.length > 0 ? back : moves).map(({ urn }) => urn);
  if (urns.length === 0) return undefined;
  // The way back asks nobody. The way forward does not go before what the same update changes.
  if (back.length === 0 && othersIn(await asked.plan(), { urns, unready }).length > 0) return undefined;
  return { urns, unready };
}

/** Moves it: the program is told that a part is named, so that nothing which the rest lacks holds it. @param update runs the update with more flags */
export async function moveAlone<Result>(
  { urns, unready }: HeldTraffic,
  update: (more: readonly string[]) => Promise<Result>,
  say: (line: string) => void,
): Promise<Result> {
  const names = unready.map(({ type, urn }) => `${type.split(":").at(-1)} ${resourceName(urn)}`);
  say(`Traffic is moved by itself: this does not get ready, is not waited for, and is left to the next up: ${names.join(", ")}.`);
  process.env[partVariable] = "named";
  try {
    return await update(urns.flatMap((urn) => ["--target", urn]));
  } finally {
    delete process.env[partVariable];
  }
}

/** What the config changes besides, and what was not made: a line each with the command for it; none where nothing is left. */
export async function leftLines(held: HeldTraffic, plan: Asked["plan"], stack: string): Promise<string[]> {
  const command = `To make it: slipway up --stack ${stack}`;
  try {
    const others = othersIn(await plan(), { ...held, urns: [] });
    const lines = others.map(({ op, type, name }) => `  ${op} ${type.split(":").at(-1)} ${name}`);
    return lines.length === 0 ? [] : ["Only traffic was updated, and this was not:", ...lines, command];
  } catch (error) {
    if (!(error instanceof UserError)) throw error;
    return [`Only traffic was updated, and nobody could tell what else the config changes: ${error.message}`, command];
  }
}

/** Changes beside the traffic and the tries of what is not ready, which have no difference. */
function othersIn({ changes }: ChangeSet, { urns, unready }: HeldTraffic): ResourceChange[] {
  const tried = new Set(unready.map(({ urn }) => urn));
  return changes.filter(({ urn, op, paths }) => !urns.includes(urn) && !(op === "update" && tried.has(urn) && paths.length === 0));
}

/** The objects whose live traffic is not what config says. */
async function movesOf({ config, state, cluster }: Asked): Promise<Move[]> {
  const namespace = String(config.kubernetes.cluster?.namespace);
  const own = Object.entries(config.services).filter(([, { compute }]) => compute === "kubernetes");
  const moves = own.flatMap(([name, { release }]) => {
    const wanted = weightsOf(release.live, release.candidateWeight);
    const home = rollbackTo(state, name) ?? release.live;
    return rulesOf(state, namespace, name).map(async (rule): Promise<Move[]> => {
      // Where the cluster does not tell, the state does: the way back is held by no question.
      const shares = weightsIn(await cluster.read(placeOf(rule)).catch(() => rule.outputs), name);
      const riser = shares && colours.find((colour) => wanted[colour] > shares[colour]);
      return riser === undefined ? [] : [{ urn: rule.urn, back: riser === home }];
    });
  });
  return (await Promise.all(moves)).flat();
}
