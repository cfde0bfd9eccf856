/** Every shipped stack with pipeline roles, and what its graph says about them. */

import type { PolicyStatement } from "../../components/access/policyDocument.ts";
import type { PipelineRole } from "../../components/access/scope.ts";
import { stackName } from "../../components/environment/names.ts";
import type { StackConfig } from "../../infra/config/stack.ts";
import { configOf, type Edits, exampleStacks } from "./config.ts";
import { dataStores } from "./dataStack.ts";
import { declaredGraph } from "./declaredGraph.ts";
import { behindAwsWaf, behindCloudflare } from "./edge/declared.ts";
import { carriedStores, threeRegions } from "./failoverStack.ts";
import type { Registered } from "./graph.ts";
import { statementsOf } from "./iam.ts";
import { oneOfEach } from "./platform.ts";

/** Account of the simulated cloud. */
export const account = "123456789012";

/** A stack and what is changed in its config, by name. */
export const accessStacks: Readonly<Record<string, { readonly stack: string; readonly edits: Edits }>> = Object.fromEntries([
  ["production", { stack: "production", edits: {} }],
  ["production with one of each", { stack: "bench/production", edits: oneOfEach(configOf("bench/production")) }],
  ["staging with one of each", { stack: "staging", edits: oneOfEach(configOf("staging")) }],
  ["production behind AWS WAF", { stack: "bench/production", edits: behindAwsWaf }],
  ["production behind Cloudflare", { stack: "bench/production", edits: behindCloudflare }],
  ["production with data stores", { stack: "bench/production", edits: dataStores }],
  ["production in three regions", { stack: "bench/production", edits: { ...threeRegions, ...carriedStores } }],
  ...exampleStacks.map((stack) => [stack, { stack, edits: {} }]),
]);

/** A stack's graph with its roles' policies. */
export interface AccessStack {
  readonly config: StackConfig;
  readonly resources: readonly Registered[];
  readonly boundary: readonly PolicyStatement[];
  /** Statements of each role of the pipeline. */
  readonly roles: Readonly<Record<PipelineRole, readonly PolicyStatement[]>>;
}

const declared = new Map<string, Promise<AccessStack>>();

/** One of them, declared once, with pipeline roles and in the simulated cloud's account. */
export function accessStack(name: string): Promise<AccessStack> {
  const known = declared.get(name) ?? declareOne(name);
  declared.set(name, known);
  return known;
}

async function declareOne(name: string): Promise<AccessStack> {
  const { stack, edits } = accessStacks[name]!;
  const { access } = oneOfEach(configOf(stack));
  const config = configOf(stack, { ...edits, access, "aws.accountId": account });
  const resources = await declaredGraph(config);
  const policies = (start: string) =>
    resources
      .filter((resource) => resource.type === "aws:iam/policy:Policy" && resource.name.startsWith(start))
      .flatMap(({ inputs }) => statementsOf(inputs.policy));
  const of = (role: PipelineRole) => policies(`${stackName(config)}-pipeline-${role}-part`);
  const roles = { preview: of("preview"), plan: of("plan"), drift: of("drift"), apply: of("apply") };
  return { config, resources, boundary: policies(`${stackName(config)}-pipeline-boundary`), roles };
}
