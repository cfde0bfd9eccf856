/** What must hold for everything that a stack declares on a cluster, read off the graph. */

import { beforeAll, describe, expect, test } from "vitest";
import { stackName } from "../../../components/environment/names.ts";
import { apiOnCluster, cluster, server } from "../../harness/cluster.ts";
import { configOf, type Edits } from "../../harness/config.ts";
import { declaredGraph } from "../../harness/declaredGraph.ts";
import { type Registered, wholeName } from "../../harness/graph.ts";

const onCluster = (stack: string, edits: Edits = {}) => declaredGraph(configOf(stack, { ...apiOnCluster, ...edits }));
const ofType = (resources: readonly Registered[], type: string) => {
  const found = resources.filter((resource) => resource.type === `kubernetes:${type}`);
  expect(found.length, type).toBeGreaterThan(0);
  return found;
};
interface Pod {
  readonly spec: Record<string, unknown> & { readonly containers: readonly Record<string, unknown>[]; readonly volumes: readonly object[] };
  readonly metadata: { readonly labels: Record<string, string> };
}
const podOf = ({ inputs }: Registered) => (inputs.spec as unknown as { template: Pod }).template;

describe.each(["production", "staging"])("%s", (stack) => {
  let resources: readonly Registered[] = [];
  beforeAll(async () => {
    resources = await onCluster(stack);
  });

  const start = `${stackName(configOf(stack))}-use1`;

  test("pods hold to the restricted standard, and the namespace admits no other", () => {
    const [namespace] = ofType(resources, "core/v1:Namespace");
    expect(namespace!.inputs.metadata).toMatchObject({ labels: { "pod-security.kubernetes.io/enforce": "restricted" } });
    for (const deployment of ofType(resources, "apps/v1:Deployment")) {
      const { spec } = podOf(deployment);
      expect(spec).toMatchObject({ automountServiceAccountToken: false, enableServiceLinks: false, serviceAccountName: "api" });
      expect(spec.securityContext).toMatchObject({ runAsNonRoot: true, runAsUser: 1000, seccompProfile: { type: "RuntimeDefault" } });
      for (const key of ["hostNetwork", "hostPID", "hostIPC", "initContainers"]) expect(spec[key], key).toBeUndefined();
      for (const volume of spec.volumes) expect(Object.keys(volume).sort()).toEqual(["emptyDir", "name"]);
      for (const container of spec.containers) {
        expect(container.securityContext).toEqual({
          runAsNonRoot: true,
          runAsUser: 1000,
          runAsGroup: 1000,
          seccompProfile: { type: "RuntimeDefault" },
          allowPrivilegeEscalation: false,
          privileged: false,
          readOnlyRootFilesystem: true,
          capabilities: { drop: ["ALL"] },
        });
        expect(container.image).toMatch(/^\d{12}\.dkr\.ecr\.[\w-]+\.amazonaws\.com\/[\w-]+@sha256:[0-9a-f]{64}$/);
      }
    }
  });

  test("every container has requests, the same limits, and three probes", () => {
    for (const deployment of ofType(resources, "apps/v1:Deployment")) {
      const [container] = podOf(deployment).spec.containers;
      const { requests, limits } = container!.resources as { requests: object; limits: object };
      expect(Object.keys(requests).sort()).toEqual(["cpu", "ephemeral-storage", "memory"]);
      expect(limits).toEqual(requests);
      for (const probe of ["startupProbe", "readinessProbe", "livenessProbe"]) expect(container, probe).toHaveProperty(probe);
      // A restart must not hang on what the ready check looks at.
      expect(container!.livenessProbe).not.toHaveProperty("httpGet");
    }
  });

  test("a pod that leaves goes on serving until everybody knows, and then drains", () => {
    const { drainSeconds } = configOf(stack).services.api!;
    for (const deployment of ofType(resources, "apps/v1:Deployment")) {
      const { spec } = podOf(deployment);
      expect(spec.terminationGracePeriodSeconds).toBe(15 + drainSeconds);
      expect(spec.containers[0]!.lifecycle).toEqual({ preStop: { sleep: { seconds: 15 } } });
    }
  });

  test("nobody talks to anybody but the gateway in, DNS and the named destinations out, never the node's credentials", () => {
    const policies = new Map(ofType(resources, "networking.k8s.io/v1:NetworkPolicy").map(({ name, inputs }) => [name, inputs.spec]));
    expect([...policies.keys()].sort()).toEqual([`${start}-api`, `${start}-cluster-deny-all`]);
    expect(policies.get(`${start}-cluster-deny-all`)).toEqual({ podSelector: {}, policyTypes: ["Ingress", "Egress"] });
    expect(policies.get(`${start}-api`)).toEqual({
      podSelector: { matchLabels: { "app.kubernetes.io/name": "api" } },
      policyTypes: ["Ingress", "Egress"],
      ingress: [
        {
          from: [{ namespaceSelector: { matchLabels: { "kubernetes.io/metadata.name": "gateway-system" } } }],
          ports: [{ protocol: "TCP", port: 3000 }],
        },
      ],
      egress: [
        {
          to: [
            {
              namespaceSelector: { matchLabels: { "kubernetes.io/metadata.name": "kube-system" } },
              podSelector: { matchLabels: { "k8s-app": "kube-dns" } },
            },
          ],
          ports: [
            { protocol: "UDP", port: 53 },
            { protocol: "TCP", port: 53 },
          ],
        },
        { to: [{ ipBlock: { cidr: "0.0.0.0/0", except: ["169.254.169.254/32"] } }], ports: [{ protocol: "TCP", port: 443 }] },
      ],
    });
  });

  test("pods start only behind their network policy, with their identity and their secrets", () => {
    for (const { dependsOn } of ofType(resources, "apps/v1:Deployment")) {
      for (const type of [`NetworkPolicy::${start}-api`, `ServiceAccount::${start}-api`, `ExternalSecret::${start}-api`])
        expect(
          dependsOn.some((urn) => urn.endsWith(type)),
          type,
        ).toBe(true);
    }
  });

  test("secrets are named, never held", () => {
    expect(resources.filter(({ type }) => type === "kubernetes:core/v1:Secret")).toEqual([]);
    const [external] = ofType(resources, "external-secrets.io/v1:ExternalSecret");
    const { data } = external!.inputs.spec as { data: { secretKey: string; remoteRef: { key: string } }[] };
    const { secrets } = configOf(stack).services.api!;
    expect(Object.fromEntries(data.map(({ secretKey, remoteRef }) => [secretKey, remoteRef.key]))).toEqual(secrets);
    for (const deployment of ofType(resources, "apps/v1:Deployment")) {
      const env = podOf(deployment).spec.containers[0]!.env as { name: string; value?: string; valueFrom?: object }[];
      for (const { name, value } of env) if (name in secrets) expect(value).toBeUndefined();
      expect(env.map(({ name }) => name)).toEqual(expect.arrayContaining(Object.keys(secrets)));
    }
  });

  test("a drain takes one pod at a time, and pods spread over zones", () => {
    expect(ofType(resources, "policy/v1:PodDisruptionBudget").map(({ inputs }) => inputs.spec)).toEqual(
      expect.arrayContaining([expect.objectContaining({ maxUnavailable: 1 })]),
    );
    for (const deployment of ofType(resources, "apps/v1:Deployment"))
      expect(podOf(deployment).spec.topologySpreadConstraints).toMatchObject([
        { topologyKey: "topology.kubernetes.io/zone", whenUnsatisfiable: "DoNotSchedule" },
        { topologyKey: "kubernetes.io/hostname" },
      ]);
  });

  test("every object is labelled with its system and environment, and each colour's selector is its own", () => {
    const { system, environment } = configOf(stack);
    for (const { urn, inputs } of resources.filter(({ type }) => type.startsWith("kubernetes:")))
      expect(inputs.metadata, urn).toMatchObject({
        labels: { "app.kubernetes.io/part-of": system, "app.kubernetes.io/managed-by": "slipway", environment },
      });
    const selectors = ofType(resources, "apps/v1:Deployment").map(({ inputs }) => (inputs.spec as { selector?: unknown }).selector);
    expect(new Set(selectors.map((selector) => JSON.stringify(selector))).size).toBe(2);
  });

  test("the provider is told its cluster: one context, one server, nothing ambient", () => {
    const [provider] = resources.filter(({ type }) => type === "pulumi:providers:kubernetes");
    expect(provider!.inputs).toMatchObject({ context: cluster.access.cluster, clusterIdentifier: server });
    expect(String(provider!.inputs.kubeconfig)).toContain(server);
    const own = resources.filter(({ type }) => type.startsWith("kubernetes:"));
    expect(new Set(own.map(({ provider: reference }) => reference.split("::").at(-2)))).toEqual(new Set(["kubernetes"]));
  });
});

test("the namespace is protected in production and free in staging", async () => {
  const protectedIn = async (stack: string) => ofType(await onCluster(stack), "core/v1:Namespace").map(({ protect }) => protect);
  expect(await protectedIn("production")).toEqual([true]);
  expect(await protectedIn("staging")).toEqual([false]);
});

test("a stack without a cluster has nothing of Kubernetes", async () => {
  const resources = await declaredGraph(configOf("bench/production"));
  expect(resources.filter(({ type }) => type.includes("kubernetes"))).toEqual([]);
});

test("a service on a cluster has nothing of ECS, and the others are as they were", async () => {
  const urns = async (edits: Edits) =>
    (await declaredGraph(configOf("bench/production", edits))).map((resource) => `${resource.type}::${wholeName(resource)}`);
  const [before, after] = [await urns({ "autoRollback.api": undefined }), new Set(await urns(apiOnCluster))];
  const gone = before.filter((urn) => !after.has(urn));
  expect(gone.length).toBeGreaterThan(10);
  // With the service goes what its dead targets hold back: the groups of needs.
  for (const urn of gone) expect(urn).toMatch(/::coinestate-prod-use1-(?:(?:alarms-(?:log-)?)?api(?:-|$)|alarms-needs-of-[\w-]+$)/);
});
