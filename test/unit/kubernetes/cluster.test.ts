/** The one door to a cluster: the simulated API server and a real one answer the same client. */
import { mkdtempSync, rmSync } from "node:fs";
import { createServer } from "node:http";
import type { AddressInfo } from "node:net";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterAll, describe, expect, test } from "vitest";
import { Cluster } from "../../../ops/kubernetes/cluster.ts";
import { Cloud } from "../../../sandbox/cloud/cloud.ts";
import { kubernetes } from "../../../sandbox/cloud/kubernetes/catalogue.ts";
import { simulatedApiServer } from "../../../sandbox/kubernetes/apiServer.ts";
import { Resources } from "../../../sandbox/provider/resources.ts";
import type { Properties } from "../../../sandbox/provider/values.ts";
import { openLiveStore } from "../../../sandbox/sandbox.ts";

const service = { type: "kubernetes:core/v1:Service", namespace: "shop", name: "api" };
const kubeconfigOf = (server: string) =>
  JSON.stringify({
    apiVersion: "v1",
    kind: "Config",
    "current-context": "one",
    clusters: [{ name: "one", cluster: { server, "insecure-skip-tls-verify": true } }],
    users: [{ name: "one", user: { token: "of-the-test" } }],
    contexts: [{ name: "one", context: { cluster: "one", user: "one" } }],
  });
const none = () => Promise.reject(new Error("a simulated cluster needs no kubeconfig"));

describe("a simulated cluster", () => {
  const folder = mkdtempSync(join(tmpdir(), "slipway-cluster-"));
  const store = openLiveStore(folder);
  afterAll(() => rmSync(folder, { recursive: true }));
  const provider = new Resources(new Cloud(kubernetes, store));
  const place = kubernetes.configure({ kubeconfig: kubeconfigOf("https://one.example:6443") }, "123456789012");
  const create = (kind: string, inputs: Properties) =>
    provider.create(`urn:pulumi:stack::slipway::kubernetes:${kind}::x`, inputs, place, false);
  create("core/v1:Namespace", { metadata: { name: "shop" } });
  create("core/v1:Service", {
    metadata: { name: "api", namespace: "shop" },
    spec: { ports: [{ port: 80 }], selector: { app: "api", version: "green" } },
  });
  const clusterAt = (server: string) => new Cluster({ server, kubeconfig: none, answer: async () => simulatedApiServer(store, server) });

  test("answers with what lives there", async () => {
    expect(await clusterAt("https://one.example:6443").read(service)).toMatchObject({
      spec: { ports: [{ port: 80 }], selector: { app: "api", version: "green" } },
    });
  });

  test("has nothing of another cluster, namespace or name", async () => {
    expect(await clusterAt("https://two.example").read(service)).toBeUndefined();
    expect(await clusterAt("https://one.example:6443").read({ ...service, namespace: "other" })).toBeUndefined();
    expect(await clusterAt("https://one.example:6443").read({ ...service, name: "web" })).toBeUndefined();
  });

  const one = clusterAt("https://one.example:6443");
  const metadata = { name: "api-green", namespace: "shop" };
  const [scaler, pods] = ["kubernetes:autoscaling/v2:HorizontalPodAutoscaler", "kubernetes:apps/v1:Deployment"].map((type) => ({
    ...{ ...metadata, type },
  }));

  test("an autoscaler's minimum that a command raises is what its Deployment runs, and is refused above the most", async () => {
    const labels = { app: "api" };
    const template = { metadata: { labels }, spec: { containers: [{ name: "api", image: "api" }] } };
    create("apps/v1:Deployment", { metadata, spec: { selector: { matchLabels: labels }, template } });
    const scaleTargetRef = { apiVersion: "apps/v1", kind: "Deployment", name: "api-green" };
    create("autoscaling/v2:HorizontalPodAutoscaler", { metadata, spec: { scaleTargetRef, minReplicas: 2, maxReplicas: 5 } });
    await one.patch(scaler!, { spec: { minReplicas: 4 } });
    expect(await one.read(scaler!)).toMatchObject({ spec: { minReplicas: 4, maxReplicas: 5 }, metadata: { generation: 2 } });
    expect(await one.read(pods!)).toMatchObject({
      spec: { replicas: 4 },
      status: { replicas: 4, updatedReplicas: 4, readyReplicas: 4, observedGeneration: 1 },
    });
    await expect(one.patch(scaler!, { spec: { minReplicas: 6 } })).rejects.toThrow(
      "HorizontalPodAutoscaler shop/api-green cannot be written on https://one.example:6443: ",
    );
    await expect(one.patch({ ...scaler!, name: "web" }, {})).rejects.toThrow("cannot be written");
    const policy = { ...pods!, type: "kubernetes:policy/v1:PodDisruptionBudget" };
    await expect(one.patch(policy, {})).rejects.toThrow("commands do not know how to write kubernetes:policy/v1:PodDisruptionBudget");
  });

  test("a patch takes out what it gives null, and is refused where somebody wrote since the version that it names", async () => {
    const { resourceVersion } = (await one.read(service))!.metadata as { resourceVersion: string };
    await one.patch(service, { metadata: { resourceVersion }, spec: { selector: { version: "blue", app: null } } });
    const { spec } = (await one.read(service)) as { spec: { selector: object; ports: object[] } };
    expect([spec.selector, spec.ports.length]).toEqual([{ version: "blue" }, 1]);
    await expect(one.patch(service, { metadata: { resourceVersion } })).rejects.toThrow(/Service shop\/api cannot be written.*modified/s);
    expect(() =>
      simulatedApiServer(store, "https://one.example:6443")("PATCH", "/api/v1/namespaces/shop/services/api", "[]"),
    ).not.toThrow();
  });

  test("a request that it does not know is named", () => {
    const server = simulatedApiServer(store, "https://one.example:6443");
    expect(() => server("DELETE", "/api/v1/namespaces/shop/services/api")).toThrow(
      "does not know DELETE /api/v1/namespaces/shop/services/api",
    );
    expect(() => server("GET", "/apis/batch/v1/namespaces/shop/jobs/a")).toThrow("does not know GET /apis/batch/v1");
    expect(server("GET", "/apis/networking.k8s.io/v1/namespaces/shop/networkpolicies/a").status).toBe(404);
  });

  test("a type that no command reads is named", async () => {
    await expect(clusterAt("https://one.example:6443").read({ ...service, type: "kubernetes:core/v1:Secret" })).rejects.toThrow(
      "Secret shop/api cannot be read on https://one.example:6443: commands do not know how to read kubernetes:core/v1:Secret",
    );
  });
});

test("a real server is asked with the credentials of the kubeconfig, and what it refuses is said", async () => {
  const asked: unknown[] = [];
  const server = createServer(({ method, url, headers }, response) => {
    asked.push(method === "GET" ? [method, url, headers.authorization] : [method, url, headers["content-type"]]);
    const known = /\/api(?:\?|$)/.test(String(url));
    response.writeHead(known ? 200 : 403, { "content-type": "application/json" });
    response.end(JSON.stringify(known ? { spec: { selector: { version: "blue" } } } : { kind: "Status", message: "not allowed" }));
  });
  await new Promise<void>((resolve) => server.listen(0, "127.0.0.1", resolve));
  const address = `http://127.0.0.1:${(server.address() as AddressInfo).port}`;
  const cluster = new Cluster({ server: address, kubeconfig: async () => kubeconfigOf(address) });
  try {
    expect(await cluster.read(service)).toMatchObject({ spec: { selector: { version: "blue" } } });
    await expect(cluster.read({ ...service, name: "web" })).rejects.toThrow(`Service shop/web cannot be read on ${address}: `);
    expect(asked.splice(0)).toEqual(
      ["api", "web"].map((name) => ["GET", `/api/v1/namespaces/shop/services/${name}`, "Bearer of-the-test"]),
    );
    const others = ["autoscaling/v2:HorizontalPodAutoscaler", "gateway.networking.k8s.io/v1:HTTPRoute"];
    for (const type of ["core/v1:Service", ...others]) await cluster.patch({ ...service, type: `kubernetes:${type}` }, { spec: {} });
    const apis = ["/apis/autoscaling/v2", "/apis/gateway.networking.k8s.io/v1"];
    const paths = [
      "/api/v1/namespaces/shop/services/api",
      `${apis[0]}/namespaces/shop/horizontalpodautoscalers/api`,
      `${apis[1]}/namespaces/shop/httproutes/api`,
    ];
    expect(asked).toEqual(paths.map((path) => ["PATCH", `${path}?fieldManager=slipway`, "application/merge-patch+json"]));
  } finally {
    server.close();
  }
});
