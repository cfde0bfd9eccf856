/** What the simulated API server refuses, replaces and moves, in the words of the real one. */
import { mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterEach, beforeEach, describe, expect, test } from "vitest";
import { Cloud } from "../../../sandbox/cloud/cloud.ts";
import { kubernetes } from "../../../sandbox/cloud/kubernetes/catalogue.ts";
import { LiveStore } from "../../../sandbox/cloud/liveStore.ts";
import { Resources } from "../../../sandbox/provider/resources.ts";
import type { Properties } from "../../../sandbox/provider/values.ts";

const place = { account: "cluster", region: "" };
const urnOf = (kind: string) => `urn:pulumi:stack::slipway::kubernetes:${kind}::x`;
const deployment = "apps/v1:Deployment";
const route = "gateway.networking.k8s.io/v1:HTTPRoute";

let folder = "";
let cloud: Cloud;
let provider: Resources;
beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), "slipway-kubernetes-"));
  cloud = new Cloud(kubernetes, new LiveStore(folder));
  provider = new Resources(cloud);
});
afterEach(() => rmSync(folder, { recursive: true, force: true }));

const metadata = (name: string, more: Properties = {}): Properties => ({ name, namespace: "default", ...more });
const web = (spec: Properties = {}): Properties => ({
  metadata: metadata("web"),
  spec: {
    selector: { matchLabels: { app: "web" } },
    template: { metadata: { labels: { app: "web" } }, spec: { containers: [{ name: "app", image: "a" }] } },
    ...spec,
  },
});
const pod = (spec: Properties): Properties =>
  web({ template: { metadata: { labels: { app: "web" } }, spec: { containers: [{ name: "app", image: "a" }], ...spec } } });
const weights = (...shares: number[]): Properties => ({
  metadata: metadata("web"),
  spec: { rules: [{ backendRefs: shares.map((weight, index) => ({ name: `web-${index}`, port: 80, weight })) }] },
});
const create = (kind: string, inputs: Properties) => provider.create(urnOf(kind), inputs, place, false);
const checked = (kind: string, inputs: Properties) =>
  provider.check(urnOf(kind), {}, inputs, new Uint8Array()).failures.map(({ property, reason }) => `${property}: ${reason}`);

test.each<[string, string, Properties, string]>([
  ["a misspelt field", deployment, web({ replica: 2 }), "spec.replica: an unexpected argument"],
  [
    "a misspelt field deep in the pod",
    deployment,
    web({ template: { spec: { containers: [{ name: "a", imagePullpolicy: "Always" }] } } }),
    "imagePullpolicy",
  ],
  [
    "a pull policy that does not exist",
    deployment,
    web({ template: { spec: { containers: [{ name: "a", imagePullPolicy: "Sometimes" }] } } }),
    "one of",
  ],
  ["a weight above a million", route, weights(1_000_001, 0), "expected value to be in the range (0 - 1000000), got 1000001"],
  ["a weight below zero", route, weights(-1, 0), "got -1"],
  [
    "more than sixteen hosts",
    route,
    { metadata: metadata("web"), spec: { hostnames: Array.from({ length: 17 }, (_, i) => `h${i}.io`) } },
    "16 item maximum",
  ],
  [
    "a protocol that does not exist",
    "core/v1:Service",
    { metadata: metadata("web"), spec: { ports: [{ port: 80, protocol: "HTTP" }] } },
    "one of",
  ],
])("%s is refused by the schema", (_, kind, inputs, says) => expect(checked(kind, inputs).join("\n")).toContain(says));

test.each<[string, string, Properties, string]>([
  ["a name with capitals", deployment, { ...web(), metadata: metadata("Web") }, "a lowercase RFC 1123 subdomain"],
  ["no name", deployment, { ...web(), metadata: { namespace: "default" } }, "metadata.name"],
  ["a Service that begins with a digit", "core/v1:Service", { metadata: metadata("1web"), spec: { ports: [{ port: 80 }] } }, "RFC 1035"],
  ["a Service without ports", "core/v1:Service", { metadata: metadata("web"), spec: {} }, "spec.ports: Required value"],
  ["a namespace with a dot", "core/v1:Namespace", { metadata: { name: "a.b" } }, "RFC 1123 label"],
  [
    "a label value with a blank",
    deployment,
    { ...web(), metadata: metadata("web", { labels: { team: "the platform" } }) },
    "a valid label",
  ],
  [
    "a namespace that does not exist",
    deployment,
    { ...web(), metadata: { name: "web", namespace: "nowhere" } },
    'namespaces "nowhere" not found',
  ],
  [
    "a mount without its volume",
    deployment,
    web({
      template: {
        metadata: { labels: { app: "web" } },
        spec: { containers: [{ name: "a", volumeMounts: [{ name: "tmp", mountPath: "/tmp" }] }] },
      },
    }),
    'Not found: "tmp"',
  ],
  [
    "a volume that ends with a hyphen",
    deployment,
    pod({ volumes: [{ name: "scratch-" }] }),
    "spec.template.spec.volumes[0].name: Invalid value",
  ],
  ["a user above 31 bits", deployment, pod({ securityContext: { runAsUser: 4_294_967_296 } }), "must be between 0 and 2147483647"],
  ...[
    ["/api//x", "must not contain '//'"],
    ["/a/../b", "must not contain '/../'"],
    ["/x/.", "must not end with '/.'"],
  ].map(([value, says]): [string, string, Properties, string] => [
    `a route to ${value}`,
    route,
    { metadata: metadata("web"), spec: { rules: [{ matches: [{ path: { type: "Exact", value: value! } }] }] } },
    says!,
  ]),
  ...[
    ["10.0.0.1/8", [], "must not have bits set beyond the prefix length"],
    ["2001:db8::1/32", [], "must not have bits set beyond the prefix length"],
    ["169.254.169.254/32", ["169.254.169.254/32"], "must be a strict subset of `cidr`"],
    ["10.0.0.0/8", ["169.254.169.254/32"], "must be a strict subset of `cidr`"],
  ].map(([cidr, except, says]): [string, string, Properties, string] => [
    `a block ${String(cidr)} without ${String(except)}`,
    "networking.k8s.io/v1:NetworkPolicy",
    { metadata: metadata("web"), spec: { podSelector: {}, egress: [{ to: [{ ipBlock: { cidr: cidr!, except: except! } }] }] } },
    String(says),
  ]),
  [
    "an autoscaler that goes down",
    "autoscaling/v2:HorizontalPodAutoscaler",
    { metadata: metadata("web"), spec: { minReplicas: 3, maxReplicas: 2 } },
    "spec.maxReplicas",
  ],
  [
    "an autoscaler from zero",
    "autoscaling/v2:HorizontalPodAutoscaler",
    { metadata: metadata("web"), spec: { minReplicas: 0, maxReplicas: 2 } },
    "spec.minReplicas",
  ],
  [
    "a budget with two bounds",
    "policy/v1:PodDisruptionBudget",
    { metadata: metadata("web"), spec: { minAvailable: 1, maxUnavailable: 1 } },
    "cannot be both set",
  ],
])("%s is refused by the server", (_, kind, inputs, says) => {
  expect(() => create(kind, inputs)).toThrow(says);
  expect(cloud.store.all()).toEqual([]);
});

test("two objects of a kind cannot share namespace and name", () => {
  create(deployment, web());
  expect(() => create(deployment, web())).toThrow("default/web already exists");
});

describe("differences", () => {
  const diff = (kind: string, before: Properties, after: Properties) => {
    const made = create(kind, before);
    return provider.diff(urnOf(kind), made.properties, before, after);
  };
  const changed = ({ changes }: ReturnType<Resources["diff"]>) => changes.map(({ path }) => path.join("."));

  test("none for the same inputs, although the server filled in its own", () => {
    expect(changed(diff(deployment, web(), web()))).toEqual([]);
  });

  test("a weight is an update at that path alone", () => {
    const found = diff(route, weights(100, 0), weights(95, 5));
    expect(changed(found)).toEqual(["spec.rules.0.backendRefs.0.weight", "spec.rules.0.backendRefs.1.weight"]);
    expect(found.replaces).toEqual([]);
  });

  test("another selector or name replaces; under the same name the old one goes first", () => {
    const after = web({ selector: { matchLabels: { app: "web", version: "blue" } } });
    const selector = diff(deployment, web(), after);
    expect(selector.replaces.length).toBeGreaterThan(0);
    expect(selector.deleteBeforeReplace).toBe(true);
    const { replaces, deleteBeforeReplace } = provider.diff(urnOf(deployment), web(), web(), { ...web(), metadata: metadata("other") });
    expect([replaces, deleteBeforeReplace]).toEqual([["metadata.name"], false]);
  });
});

test("an update moves the version always, the generation with the spec, and never the identity", () => {
  const made = create(route, weights(100, 0));
  const update = (inputs: Properties, state: Properties) => provider.update(urnOf(route), made.id, state, inputs, place, false);
  const stepped = update(weights(95, 5), made.properties);
  const labelled = update({ ...weights(95, 5), metadata: metadata("web", { labels: { a: "b" } }) }, stepped);
  const { uid } = made.properties.metadata as Properties;
  expect(stepped.metadata).toMatchObject({ uid, resourceVersion: "2", generation: 2 });
  expect(labelled.metadata).toMatchObject({ uid, resourceVersion: "3", generation: 2, labels: { a: "b" } });
});

describe("fields that another manager has written", () => {
  const applied = (before: Properties, live: Properties, after: Properties, preview: boolean, more = {}) => {
    const made = create(route, before);
    const [object] = cloud.store.all(`kubernetes:${route}`);
    cloud.store.put({ ...object!, properties: { ...object!.properties, spec: live.spec! } });
    const known = provider.read(urnOf(route), made.id, made.properties, before, place)!;
    return provider.update(urnOf(route), made.id, known.properties, after, { ...place, ...more }, preview);
  };

  test.each([true, false])("are refused to an apply that is not forced (preview: %s)", (preview) => {
    const update = () => applied(weights(75, 25), weights(60, 40), weights(100, 0), preview);
    expect(update).toThrow('Apply failed with 1 conflict: conflict with "another manager": .spec.rules');
    expect(cloud.store.all()[0]!.properties.spec).toEqual(weights(60, 40).spec);
  });

  test("are taken by one that is, and then are the provider's again", () => {
    applied(weights(75, 25), weights(60, 40), weights(100, 0), false, { forces: true });
    const { properties } = cloud.store.all()[0]!;
    expect(properties.spec).toEqual(weights(100, 0).spec);
    provider.update(urnOf(route), "default/web", properties, weights(95, 5), place, false);
    expect(cloud.store.all()[0]!.properties.spec).toEqual(weights(95, 5).spec);
  });

  test("are shared where both want the same", () => {
    applied(weights(75, 25), weights(60, 40), weights(60, 40), false);
    expect(cloud.store.all()[0]!.properties.spec).toEqual(weights(60, 40).spec);
  });

  test("of one container are not those of its neighbour", () => {
    const pods = (a: string, b: string) =>
      web({
        template: {
          metadata: { labels: { app: "web" } },
          spec: {
            containers: [
              { name: "a", image: a },
              { name: "b", image: b },
            ],
          },
        },
      });
    const made = create(deployment, pods("1", "1"));
    const [object] = cloud.store.all(`kubernetes:${deployment}`);
    cloud.store.put({ ...object!, properties: { ...object!.properties, spec: pods("2", "1").spec! } });
    const update = (inputs: Properties) => provider.update(urnOf(deployment), made.id, made.properties, inputs, place, false);
    expect(() => update(pods("3", "1"))).toThrow(".spec.template.spec.containers.a.image");
    expect(() => update(pods("2", "2"))).not.toThrow();
  });
});

test("a namespace takes what is in it along, and nothing else", () => {
  create("core/v1:Namespace", { metadata: { name: "shop" } });
  create(deployment, { ...web(), metadata: { name: "web", namespace: "shop" } });
  create(deployment, web());
  provider.delete(urnOf("core/v1:Namespace"), "shop", { metadata: { name: "shop" } }, place);
  expect(cloud.store.all().map(({ id }) => id)).toEqual(["default/web"]);
});

describe("the provider's cluster", () => {
  const kubeconfig = JSON.stringify({
    "current-context": "staging",
    contexts: [
      { name: "staging", context: { cluster: "a", user: "u" } },
      { name: "production", context: { cluster: "b", user: "u" } },
      { name: "broken", context: { cluster: "c", user: "u" } },
    ],
    clusters: [
      { name: "a", cluster: { server: "https://a.example:6443" } },
      { name: "b", cluster: { server: "https://b.example" } },
    ],
  });

  test("is the one of the context, each with objects of its own", () => {
    expect(kubernetes.configure({ kubeconfig }, "").account).toBe("a.example_6443");
    expect(kubernetes.configure({ kubeconfig, context: "production" }, "").account).toBe("b.example");
  });

  test("a context that does not exist, or leads nowhere, is refused", () => {
    expect(() => kubernetes.configure({ kubeconfig, context: "prod" }, "")).toThrow('context "prod" does not exist');
    expect(() => kubernetes.configure({ kubeconfig, context: "broken" }, "")).toThrow('cluster "c" has no server');
  });
});
