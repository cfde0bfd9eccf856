/** The project's own production stack is what a reader copies: each of the six nouns is on in it, by a resource that acts. */
import { expect, test } from "vitest";
import { configOf, type Edits } from "../harness/config.ts";
import { declaredGraph } from "../harness/declaredGraph.ts";
import type { Registered } from "../harness/graph.ts";

type Graph = readonly Registered[];
type Inputs = Record<string, never>;

const ofType = (graph: Graph, type: string) => graph.filter((resource) => resource.type === type);

/** Names of what acts for a noun, and, where config can leave it out, the edit that does. */
const nouns: readonly { readonly noun: string; readonly acting: (graph: Graph) => readonly string[]; readonly off?: Edits }[] = [
  {
    noun: "environments: one, with what each of two regions holds below it",
    acting: (graph) => {
      const [environment] = ofType(graph, "slipway:environment:Environment");
      const regions = ofType(graph, "slipway:environment:Region").filter(({ parent }) => parent === environment?.urn);
      return regions.length < 2 ? [] : regions.map(({ name }) => name);
    },
    off: { failover: undefined },
  },
  {
    noun: "weighted targets: a rule that forwards to both colours",
    acting: (graph) =>
      ofType(graph, "aws:lb/listenerRule:ListenerRule")
        .filter(({ inputs }) =>
          (inputs.actions as Inputs[]).some(({ forward }) => {
            const groups = ((forward ?? { targetGroups: [] }) as { targetGroups: { weight: number }[] }).targetGroups;
            return groups.length === 2 && groups.reduce((sum, { weight }) => sum + weight, 0) === 100;
          }),
        )
        .map(({ name }) => name),
  },
  {
    noun: "WAF: a rule that blocks",
    acting: (graph) =>
      ofType(graph, "cloudflare:index/ruleset:Ruleset")
        .filter(({ inputs }) => inputs.phase === "http_request_firewall_custom")
        .flatMap(({ inputs }) => inputs.rules as { action: string; enabled: boolean; ref: string }[])
        .filter(({ action, enabled }) => action === "block" && enabled)
        .map(({ ref }) => ref),
    off: { "edge.rules": undefined },
  },
  {
    noun: "alarms: a P0 alarm at whose topic somebody listens",
    acting: (graph) => {
      const subscribed = new Set(ofType(graph, "aws:sns/topicSubscription:TopicSubscription").map(({ inputs }) => String(inputs.topic)));
      return [...ofType(graph, "aws:cloudwatch/metricAlarm:MetricAlarm"), ...ofType(graph, "aws:cloudwatch/compositeAlarm:CompositeAlarm")]
        .filter(
          ({ inputs }) =>
            inputs.actionsEnabled !== false &&
            ((inputs.alarmActions ?? []) as string[]).some((topic) => /-P0/.test(topic) && subscribed.has(topic)),
        )
        .map(({ name }) => name);
    },
    off: { "notifications.routes.P0": ["slack"] },
  },
  {
    noun: "backups: a plan that takes a store, which a restore test restores",
    acting: (graph) => {
      const plans = ofType(graph, "aws:backup/plan:Plan").filter(({ inputs }) => (inputs.rules as unknown[]).length > 0);
      const taken = ofType(graph, "aws:backup/selection:Selection").flatMap(({ inputs }) => inputs.resources as string[]);
      return plans.length === 0
        ? []
        : ofType(graph, "aws:backup/restoreTestingSelection:RestoreTestingSelection")
            .filter(({ inputs }) => (inputs.protectedResourceArns as string[]).every((arn) => taken.includes(arn)))
            .map(({ name }) => name);
    },
    off: { databases: undefined, buckets: undefined, "services.api.connects": undefined },
  },
  {
    noun: "failover: a record that leads to a second region when the first is out",
    acting: (graph) =>
      ofType(graph, "aws:route53/record:Record")
        .filter(({ inputs }) =>
          (inputs.failoverRoutingPolicies as { type: string }[] | undefined)?.some(({ type }) => type === "SECONDARY"),
        )
        .map(({ name }) => name),
    off: { failover: undefined },
  },
];

test.each(nouns)("$noun", async ({ acting, off }) => {
  expect(acting(await declaredGraph(configOf("production")))).not.toEqual([]);
  if (off !== undefined) expect(acting(await declaredGraph(configOf("production", off)))).toEqual([]);
});
