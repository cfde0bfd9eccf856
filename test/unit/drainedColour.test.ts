/** A colour that has lost its traffic goes back to its fewest tasks: each of its policies has to be ready for it. */
import { expect, test } from "vitest";
import { metricAlarm } from "../../sandbox/cloudWatch/evaluator.ts";
import { objectsIn, type Properties } from "../../sandbox/provider/values.ts";
import { configOf } from "../harness/config.ts";
import { declaredGraph } from "../harness/declaredGraph.ts";

/** What the alarm of a policy that scales in is evaluated by: 15 minutes below the target (Application Auto Scaling guide, target tracking). */
function alarmOf(configuration: Properties) {
  const low = { comparisonOperator: "LessThanThreshold", threshold: configuration.targetValue ?? null, evaluationPeriods: 15 };
  const { customizedMetricSpecification: custom, predefinedMetricSpecification: predefined } = configuration as Record<string, Properties>;
  if (custom === undefined)
    return metricAlarm({
      ...low,
      namespace: "predefined",
      metricName: predefined!.predefinedMetricType!,
      statistic: "Average",
      period: 60,
    });
  const metricQueries = objectsIn(custom.metrics).map(({ id, expression, metricStat }) => {
    const { metric, stat } = (metricStat ?? {}) as { metric?: Properties; stat?: string };
    return { id: id!, ...(metric === undefined ? { expression: expression! } : { metric: { ...metric, stat: stat!, period: 60 } }) };
  });
  return metricAlarm({ ...low, metricQueries });
}

// Every policy has to be ready to scale in, and one without data points is not (ECS developer guide, "service-autoscaling-targettracking").
test("A32 a colour without requests is scaled in, though its load balancer has no data points of it", async () => {
  const policies = (await declaredGraph(configOf("bench/production"))).filter(({ type }) => type === "aws:appautoscaling/policy:Policy");
  const states = policies.map(({ name, inputs }) => {
    const alarm = alarmOf(inputs.targetTrackingScalingPolicyConfiguration as Properties);
    // Tasks that are idle have a use of 1 %; a target group without requests has no data points.
    return [name, alarm.stateAt(7200, ({ name: metric }) => (/Request/.test(metric) ? undefined : 1))];
  });
  expect(states.filter(([name]) => name!.endsWith("-requests")).length).toBeGreaterThan(0);
  expect(states.filter(([, state]) => state !== "ALARM")).toEqual([]);
});
