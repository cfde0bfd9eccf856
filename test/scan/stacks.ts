/** What is scanned: production, every example's and the project's own, and one stack with everything that these may not have. */
import type { StackConfig } from "../../infra/config/stack.ts";
import { declare } from "../../infra/program.ts";
import { apiOnCluster } from "../harness/cluster.ts";
import { configOf, type Edits, exampleStacks } from "../harness/config.ts";
import { dataStores } from "../harness/dataStack.ts";
import { behindAwsWaf, behindCloudflare } from "../harness/edge/declared.ts";
import { graphOf, type Registered } from "../harness/graph.ts";
import { oneOfEach } from "../harness/platform.ts";

/** A stack as it would be created. */
export interface ScannedStack {
  readonly name: string;
  readonly region: string;
  readonly graph: readonly Registered[];
}

/** A production with something more, and the name to scan it by. */
function further(): readonly (readonly [string, Edits])[] {
  const everything = oneOfEach(configOf("bench/production"));
  return [
    ["everything", { ...everything, ...dataStores }],
    ["behind Cloudflare", behindCloudflare],
    ["behind AWS WAF", { ...behindAwsWaf, "edge.rules.known-bad-inputs": { type: "managed", priority: 20, set: "knownBadInputs" } }],
    ["on a cluster", apiOnCluster],
  ];
}

/** Graphs of all stacks that are scanned. */
export async function scannedStacks(): Promise<ScannedStack[]> {
  const configs: readonly (readonly [string, StackConfig])[] = [
    ...["production", ...exampleStacks.filter((stack) => stack.endsWith("/production"))].map((stack) => [stack, configOf(stack)] as const),
    ...further().map(([name, edits]) => [name, configOf("bench/production", edits)] as const),
  ];
  const stacks: ScannedStack[] = [];
  // One after the other: the mock monitor belongs to the process.
  for (const [name, config] of configs) stacks.push({ name, region: config.aws.region, graph: await graphOf(() => declare(config)) });
  return stacks;
}
