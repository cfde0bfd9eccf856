/**
 * The stack of a rollback. A stack file with problems holds nobody up: what can be read of it counts, and for the rest the state, which
 * says what the last update left.
 */
import type { RawConfig } from "../../infra/config/layers.ts";
import { examine } from "../../infra/config/parse.ts";
import { ConfigError } from "../../infra/config/problem.ts";
import type { PartialStackConfig } from "../../infra/config/stack.ts";
import { readStackFile, StackFileError } from "../../infra/config/stackFile.ts";
import { backendOf } from "../engine/backend.ts";
import { type State, stateInPlace } from "../engine/state.ts";
import { slipwayCommand } from "../project/nextCommand.ts";
import { findProject } from "../project/project.ts";
import { type NamedStack, operatedStack, stackIn } from "../project/stack.ts";
import { inTime } from "../release/recordTable.ts";
import { areasInState, rolledBackByAlarm, serviceInState } from "./configInState.ts";
import type { RollbackFlags, RolledBackConfig } from "./order.ts";

/** What is known of a stack that traffic is taken back in. */
export interface StackAtHand extends NamedStack<RolledBackConfig> {
  /** Who says what the service runs: its config, or the state, where config cannot be read that far. */
  readonly toldBy: "config" | "the state";
  /** What of its config could not be read. */
  readonly passed: readonly string[];
}

/** @throws UserError when there is no such stack; ConfigError, StackFileError where neither file nor state say what has to be known */
export async function stackAtHand(flags: RollbackFlags): Promise<StackAtHand> {
  try {
    return { ...operatedStack(flags), toldBy: "config", passed: [] };
  } catch (error) {
    if (!(error instanceof ConfigError || error instanceof StackFileError)) throw error;
    const { service, stack } = flags;
    const named = stackIn(findProject(), stack, readable, (project) => backendOf(project, flags.real));
    const { backend, project, name, config: raw } = named;
    const state = await inTime(stateInPlace({ backend, project, stack: name })).catch(() => undefined);
    const known = configOf(raw, state, service);
    if (known === undefined) throw error;
    const [problem = ""] = error.message.split("\n");
    const all = slipwayCommand("config show", flags);
    const passed = [`${problem.replace(/:$/, "")}; what ${service} runs is known by ${known.toldBy}. All of it: ${all}`];
    return { ...named, ...known, passed };
  }
}

/** What a file says, where it can be read with all that it names. */
function readable(file: string): RawConfig {
  try {
    const { raw, incomplete } = readStackFile(file);
    return incomplete === true ? {} : raw;
  } catch (error) {
    if (error instanceof StackFileError) return {};
    throw error;
  }
}

/** @returns undefined where too little is known */
function configOf(raw: RawConfig, state: State | undefined, service: string): Pick<StackAtHand, "config" | "toldBy"> | undefined {
  // Each service by itself: what is wrong with another one is no matter.
  const own = (raw.services as PartialStackConfig["services"])?.[service];
  const said = examine({ ...raw, services: { [service]: own } }).config;
  const left = examine(state === undefined ? {} : areasInState(state)).config;
  const [system, environment, aws] = [said.system ?? left.system, said.environment ?? left.environment, said.aws ?? left.aws];
  const [failover, kubernetes, rollout] = [
    said.failover ?? left.failover,
    said.kubernetes ?? left.kubernetes,
    said.rollout ?? left.rollout,
  ];
  if (system === undefined || environment === undefined || aws === undefined) return undefined;
  if (failover === undefined || kubernetes === undefined || rollout === undefined) return undefined;
  const place = { system, environment, aws };
  const settings = said.services?.[service] ?? (state && serviceInState(state, place, service));
  if (settings === undefined) return undefined;
  const autoRollback = said.autoRollback ?? (state === undefined ? {} : rolledBackByAlarm(state, place, service));
  const { dns } = said;
  const config = { ...place, failover, kubernetes, rollout, autoRollback, services: { [service]: settings }, ...(dns && { dns }) };
  return { config, toldBy: said.services?.[service] === undefined ? "the state" : "config" };
}
