/** The state that a config's first update leaves, told by its graph: no engine runs. */
import type { StackConfig } from "../../infra/config/stack.ts";
import type { State } from "../../ops/engine/state.ts";
import { declaredGraph } from "./declaredGraph.ts";
import { outputsOf } from "./graph.ts";

/** Ids and names are the same in every run; outputs that only a cloud computes are there as far as the simulated one plans them. */
export async function declaredState(config: StackConfig): Promise<State> {
  const graph = await declaredGraph(config);
  const resources = graph.map(({ urn, type, name, custom, parent, checked, protect }) => {
    const place = { account: config.aws.accountId, region: String(checked.region ?? config.aws.region) };
    const { id, properties } = custom ? outputsOf(type, name, checked, place) : { id: undefined, properties: {} };
    const common = { urn, type, custom, parent, protect, inputs: checked, outputs: properties };
    return id === undefined ? common : { ...common, id };
  });
  return { resources, pendingOperations: [] };
}
