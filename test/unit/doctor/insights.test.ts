/** What alarms of services on EKS are made of: doctor asks whether the cluster writes it, where there are such alarms, and says what makes it. */
import { describe, expect, test } from "vitest";
import { observedCluster } from "../../../infra/config/alarmNeeds.ts";
import { insightsLine, writesInsights } from "../../../ops/doctor/insights.ts";
import { simulatedAws } from "../../../sandbox/aws/simulated.ts";
import { apiOnCluster } from "../../harness/cluster.ts";
import { configOf, type Edits } from "../../harness/config.ts";
import { declaredGraph } from "../../harness/declaredGraph.ts";
import { emptyCloud, place } from "../../harness/emptyCloud.ts";
import { stubbedAws } from "../../harness/stubbedAws.ts";

const cluster = { name: "coinestate", namespace: "coinestate", region: "us-east-1", services: ["api"] };
const configWith = (edits: Edits = {}) => configOf("bench/production", { ...apiOnCluster, ...edits });
const fromFile = { "kubernetes.cluster.access": { by: "file", file: "k.yaml", context: "coinestate" } };

const toldNobody: Edits = { notifications: undefined, protect: false, autoRollback: undefined, uptime: undefined, slos: undefined };

test.each([
  ["on EKS", {}, cluster],
  ["where nobody is told", toldNobody, undefined],
])("there is something to ask exactly where the stack has alarms of pods: %s", async (_, edits, wanted) => {
  const config = configWith(edits);
  expect(observedCluster(config)).toEqual(wanted);
  const alarms = (await declaredGraph(config)).filter(({ inputs }) => JSON.stringify(inputs).includes("replicas_ready"));
  expect(alarms.length > 0).toBe(wanted !== undefined);
});

test("of a cluster that is reached by a kubeconfig CloudWatch knows nothing", () => {
  expect(observedCluster(configWith(fromFile))).toBeUndefined();
});

describe("asked of CloudWatch", () => {
  test("a cluster that wrote lately is good", async () => {
    const { aws, calls } = stubbedAws({ "CloudWatch.ListMetrics": { Metrics: [{ MetricName: "replicas_ready" }] } });
    expect(insightsLine(cluster, await writesInsights(aws, cluster))).toMatchObject({ verdict: "good" });
    expect(calls.at(-1)).toMatchObject({
      region: "us-east-1",
      input: {
        ...{ Namespace: "ContainerInsights", MetricName: "replicas_ready", RecentlyActive: "PT3H" },
        Dimensions: [{ Name: "ClusterName", Value: "coinestate" }],
      },
    });
  });

  test("one that wrote nothing is named with the services that nobody watches, and the command", async () => {
    const { aws } = stubbedAws({ "CloudWatch.ListMetrics": { Metrics: [] } });
    const line = insightsLine(cluster, await writesInsights(aws, cluster));
    expect(line).toMatchObject({ area: "cluster", verdict: "missing", found: expect.stringContaining("alarms of api tell nobody") });
    expect("fix" in line && line.fix).toMatch(
      /^aws eks create-addon --cluster-name coinestate --addon-name amazon-cloudwatch-observability --region us-east-1 {3}#/,
    );
  });

  test("one that CloudWatch does not tell of is no good one", async () => {
    await expect(writesInsights(stubbedAws({}).aws, cluster)).rejects.toThrow("Metrics of the cluster coinestate cannot be listed");
  });

  test("the simulated cluster writes", () => {
    const answer = simulatedAws(emptyCloud().cloud.store, place.account);
    const ask = (Namespace: string) =>
      answer({ client: "CloudWatch", operation: "ListMetrics", region: place.region, input: { Namespace, MetricName: "replicas_ready" } });
    expect(ask("ContainerInsights")).toMatchObject({ Metrics: [{ MetricName: "replicas_ready" }] });
    expect(ask("AWS/Other")).toEqual({ Metrics: [] });
  });
});
