/** Which colour has the traffic of a service by the stack's state, as the last update left it. Pure. */
import type { Weights } from "../../infra/config/release.ts";
import type { State } from "../engine/state.ts";
import { sharesIn } from "../recovery/traffic.ts";
import { rulesOf, weightsIn } from "../release/clusterService.ts";
import type { ReleasedService } from "../release/releasedService.ts";
import { servicePlaces } from "../verify/places.ts";
import { wholeShares } from "../verify/traffic.ts";
import type { AskedWithState } from "./asked.ts";

/** Whole percent by colour; undefined where the state does not tell. */
export function stateWeights(
  { stack: { config }, state }: Pick<AskedWithState, "stack" | "state">,
  { service, region }: Pick<ReleasedService, "service" | "region">,
): Weights | undefined {
  const place = servicePlaces(config, state).find((one) => one.service === service && one.region === region);
  if (place !== undefined) {
    const shares = sharesIn(outputsOf(state, place.ruleArn));
    return shares.length === 0 ? undefined : wholeShares(new Map(shares.map(({ to, weight }) => [to, weight])), place.groupArns);
  }
  const namespace = config.kubernetes.cluster?.namespace;
  const rules = namespace === undefined ? [] : rulesOf(state, namespace, service);
  return rules.map(({ inputs, outputs = inputs }) => weightsIn(outputs, service)).find((weights) => weights !== undefined);
}

function outputsOf({ resources }: State, arn: string | undefined) {
  const rule = resources.find((one) => one.id === arn && one.delete !== true);
  return rule?.outputs ?? rule?.inputs;
}
