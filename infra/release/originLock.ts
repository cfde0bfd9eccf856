/**
 * The origin lock, held against what is deployed. Its header is sent by the edge and asked for by the load balancer's rules: two clouds, which no
 * update changes in one moment. So the edge sends before the rules ask, and the rules stop asking before the edge stops. The last comes by
 * itself: the engine changes rules first and deletes a ruleset at the end. Pure.
 */
import { showValue } from "../../components/contract/rule.ts";
import { originHeaderPhase } from "../../components/edge/cloudflare/phases.ts";
import { type Problem, setCommand } from "../config/problem.ts";
import type { StackConfig } from "../config/stack.ts";
import type { StateResources } from "./releaseInState.ts";

/** What edge and rules agree on; also an output of the stack, where it has the lock. */
export interface DeployedLock {
  readonly header: string;
  /** Names of the secrets that the edge sends. */
  readonly secrets: readonly string[];
  /** Name of the secret that the rules ask for. */
  readonly accepts: string;
}

type Locked = Pick<StackConfig, "edge">;

const at = ["edge", "origin"];

/** The record that an update with this config leaves; undefined without a lock. */
export function lockRecord({ edge }: Locked): DeployedLock | undefined {
  if (edge.provider !== "cloudflare" || !edge.origin.lock) return undefined;
  const { header, secrets, accepts } = edge.origin;
  return { header, secrets, accepts };
}

/** Whether rules that are there get the lock while no edge sends its header: they ask for it in the next update. */
export function beginsToLock(config: Locked, state: StateResources): boolean {
  if (lockRecord(config) === undefined) return false;
  const resources = Object.entries(state);
  const has = (type: string, end = "") => resources.some(([urn, resource]) => resource.type === type && urn.endsWith(end));
  return has("aws:lb/listenerRule:ListenerRule") && !has("cloudflare:index/ruleset:Ruleset", `-${originHeaderPhase}`);
}

/** Changes of a lock that is on for which rules and edge would have to change in one moment. */
export function lockChanges(config: Locked, deployed: DeployedLock | undefined): Problem[] {
  const wanted = lockRecord(config);
  if (wanted === undefined || deployed === undefined) return [];
  const reason = "the load balancer would refuse every request until rules and edge have both changed";
  const problems: Problem[] = [];
  if (wanted.header !== deployed.header)
    problems.push({
      path: [...at, "header"],
      found: `is ${showValue(wanted.header)}, and ${showValue(deployed.header)} is what rules and edge agree on`,
      reason,
      allowed: `${showValue(deployed.header)}; for another name the lock goes off in an update before (edge.origin.lock: false)`,
      fix: setCommand([...at, "header"], deployed.header),
    });
  if (!deployed.secrets.includes(wanted.accepts))
    problems.push({
      path: [...at, "accepts"],
      found: `is ${showValue(wanted.accepts)}, which the edge does not send until this update`,
      reason,
      allowed: `${showValue(deployed.accepts)} in this update, and ${showValue(wanted.accepts)} in the next`,
      fix: setCommand([...at, "accepts"], deployed.accepts),
    });
  // Two at most: the one that nothing asks for yet makes room.
  const room = wanted.secrets.length < 2 ? wanted.secrets.length : wanted.secrets.findIndex((name) => name !== wanted.accepts);
  if (!wanted.secrets.includes(deployed.accepts))
    problems.push({
      path: [...at, "secrets"],
      found: `has no ${showValue(deployed.accepts)}, which the load balancer asks for until this update`,
      reason,
      allowed: `${showValue(deployed.accepts)} and the new one, and the new one alone when an update has accepted it`,
      fix: setCommand([...at, "secrets", room], deployed.accepts),
    });
  return problems;
}
