/** Weights, the selector and what waits for what: the release model on a cluster. */
import { describe, expect, test } from "vitest";
import { isRoutablePath, routeRules } from "../../../components/kubernetes/routeRules.ts";
import { declaredReplicas } from "../../../components/kubernetes/workload.ts";
import { declare } from "../../../infra/program.ts";
import { apiOnCluster } from "../../harness/cluster.ts";
import { configOf, type Edits } from "../../harness/config.ts";
import { declaredGraph } from "../../harness/declaredGraph.ts";
import { graphOf, type Registered } from "../../harness/graph.ts";
import { scarcelyWatched } from "../../harness/smallStacks.ts";

const graph = (edits: Edits = {}) => declaredGraph(configOf("bench/production", { ...scarcelyWatched, ...apiOnCluster, ...edits }));
const routeOf = (resources: readonly Registered[]) =>
  resources.find(({ type, name }) => type.endsWith(":HTTPRoute") && name.endsWith("-api"))!;
const candidateRouteOf = (resources: readonly Registered[]) => resources.find(({ name }) => name.endsWith("-api-candidate"))!;
const weight = (candidateWeight: number, live = "blue") => ({
  "services.api.release.live": live,
  "services.api.release.candidateWeight": candidateWeight,
});
const selector = { "kubernetes.cluster.switchBy": "selector", "rollout.strategy": "blueGreen" };

/** Everything that was asked of the cluster, sorted, without what only says what waits for what. Ids of AWS are random. */
const asked = (resources: readonly Registered[]) =>
  resources
    .filter(({ type }) => type.startsWith("kubernetes:"))
    .map(({ urn, inputs }) => `${urn} ${JSON.stringify(inputs)}`)
    .sort();

describe("by weights", () => {
  test.each([0, 5, 50, 100])("a candidate weight of %i moves nothing but the two weights, and they sum to 100", async (percent) => {
    const [zero, step] = [await graph(weight(0)), await graph(weight(percent))];
    const withoutWeights = (resources: readonly Registered[]) => asked(resources).map((text) => text.replaceAll(/"weight":\d+/g, ""));
    expect(withoutWeights(step)).toEqual(withoutWeights(zero));
    const { rules } = routeOf(step).inputs.spec as { rules?: unknown } as {
      rules: { backendRefs: { name: string; weight: number }[] }[];
    };
    expect(rules[0]!.backendRefs.map(({ name, weight: share }) => [name, share])).toEqual([
      ["api-blue", 100 - percent],
      ["api-green", percent],
    ]);
    expect(rules).toHaveLength(1);
  });

  test("swapping the labels at 100 changes nothing at all", async () => {
    expect(asked(await graph(weight(100, "blue")))).toEqual(asked(await graph(weight(0, "green"))));
  });

  test("either colour is reached by header and secret at any weight, through a route of its own that no weight is in", async () => {
    const made = await graph(weight(0));
    const route = candidateRouteOf(made);
    const { rules, ...spec } = route.inputs.spec as unknown as {
      rules: { matches: object[]; backendRefs: object[] }[];
      hostnames: string[];
    };
    expect(spec).toEqual({ ...(routeOf(made).inputs.spec as object), rules: undefined });
    expect((route.inputs.metadata as { name?: string }).name).toBe("api-candidate");
    expect(rules.map(({ backendRefs }) => backendRefs)).toMatchObject([[{ name: "api-blue" }], [{ name: "api-green" }]]);
    for (const [index, colour] of ["blue", "green"].entries())
      expect(rules[index]!.matches).toMatchObject([
        { headers: [{ name: "x-canary", value: { value: expect.stringMatching(`^${colour}-[0-9a-f]{40}$`) } }] },
      ]);
  });

  test("the order of hosts, paths, variables, secrets, rules and services in config never shows", async () => {
    const config = configOf("bench/production", apiOnCluster);
    const { api, web } = config.services;
    const many = {
      ...api!,
      route: { ...api!.route, hosts: ["api.coinestate.io", "app.coinestate.io"], paths: ["/a/*", "/b"] },
      egress: { https: { port: 443, cidr: "0.0.0.0/0" }, database: { port: 5432, cidr: "10.20.0.0/16" } },
      writablePaths: ["/tmp", "/var/cache"],
    };
    const reversed = {
      ...many,
      route: { ...many.route, hosts: many.route.hosts.toReversed(), paths: many.route.paths.toReversed() },
      egress: Object.fromEntries(Object.entries(many.egress).reverse()),
      environment: Object.fromEntries(Object.entries(many.environment).reverse()),
      secrets: Object.fromEntries(Object.entries(many.secrets).reverse()),
      writablePaths: many.writablePaths.toReversed(),
    };
    const one = await graphOf(() => declare({ ...config, services: { api: many, web: web! } }));
    const other = await graphOf(() => declare({ ...config, services: { web: web!, api: reversed } }));
    expect(routeOf(one).inputs.spec).toMatchObject({
      rules: [{ matches: [{ path: { value: "/a" } }, { path: { value: "/b" } }] }],
    });
    // The ready check asks for the first host, which is the config's own choice.
    expect(asked(other).map((text) => text.replaceAll("app.coinestate.io", "api.coinestate.io"))).toEqual(
      asked(one).map((text) => text.replaceAll("app.coinestate.io", "api.coinestate.io")),
    );
  });
});

describe("by selector", () => {
  test("the switch changes the selector of one Service and nothing else", async () => {
    const [before, after] = [asked(await graph({ ...selector, ...weight(0) })), asked(await graph({ ...selector, ...weight(100) }))];
    const changed = after.filter((text) => !before.includes(text));
    expect(changed).toHaveLength(1);
    expect(changed[0]).toContain("kubernetes:core/v1:Service::coinestate-prod-use1-api ");
    expect(changed[0]).toContain('"name":"api-service"');
    expect(changed[0]).toContain('"selector":{"app.kubernetes.io/name":"api","version":"green"}');
  });

  test("the route leads everybody to that Service; by weights there is no Service for both colours", async () => {
    expect(routeOf(await graph(selector)).inputs.spec).toMatchObject({
      rules: [{ backendRefs: [{ name: "api-service", weight: 1 }] }],
    });
    const names = (await graph()).filter(({ type }) => type === "kubernetes:core/v1:Service").map(({ name }) => name);
    expect(names.sort()).toEqual(["coinestate-prod-use1-api-blue", "coinestate-prod-use1-api-green"]);
  });
});

describe("what waits for what", () => {
  const deploymentsBefore = (resources: readonly Registered[]) =>
    routeOf(resources)
      .dependsOn.filter((urn) => urn.includes(":Deployment::"))
      .map((urn) => urn.split("::").at(-1))
      .sort();

  test.each([
    [0, ["coinestate-prod-use1-api-blue"]],
    [5, ["coinestate-prod-use1-api-blue", "coinestate-prod-use1-api-green"]],
    [100, ["coinestate-prod-use1-api-green"]],
  ])("at %i %% traffic waits for the colours that get some, not for an idle one", async (percent, colours) => {
    expect(deploymentsBefore(await graph(weight(percent)))).toEqual(colours);
  });
});

describe("capacity", () => {
  test("zero declares no pods, no autoscaler and no budget; full leaves the number to the autoscaler", async () => {
    expect(declaredReplicas("zero")).toEqual({ replicas: 0 });
    expect(declaredReplicas("full")).toEqual({});
    const idle = (await graph({ "services.api.release.green.capacity": "zero" })).filter(
      ({ name }) => name === "coinestate-prod-use1-api-green",
    );
    expect(idle.map(({ type }) => type.split(":").at(-1)).sort()).toEqual(["Deployment", "Service", "Workload"]);
    // With ignoreChanges a colour at zero would stay there: an autoscaler does nothing for a Deployment without pods.
    expect((await graph()).flatMap(({ ignoreChanges, type }) => (type.startsWith("kubernetes:") ? ignoreChanges : []))).toEqual([]);
  });

  test("a colour without an image has its Service, so that the route is whole, and nothing that runs", async () => {
    const green = (await graph({ "services.api.release.green": { capacity: "zero" } })).filter(
      ({ name }) => name === "coinestate-prod-use1-api-green",
    );
    expect(green.map(({ type }) => type)).toEqual(["kubernetes:core/v1:Service"]);
  });
});

test("path patterns that a route can say", () => {
  expect(["/", "/api/*", "/exact", "/*"].filter(isRoutablePath)).toEqual(["/", "/api/*", "/exact", "/*"]);
  expect(["/a*", "/*/b", "/a?c", "/a/*/b/*"].filter(isRoutablePath)).toEqual([]);
  const rules = routeRules(
    { paths: ["/*", "/exact"], port: 1, services: { blue: "b", green: "g" } },
    { by: "weights", weights: { blue: 100, green: 0 } },
  );
  expect(rules[0]!.matches.map(({ path }) => path)).toEqual([
    { type: "PathPrefix", value: "/" },
    { type: "Exact", value: "/exact" },
  ]);
});

test("a secret is read out of the store that it is declared with, and of none that its name makes one think of", async () => {
  const secrets = Object.fromEntries(
    ["blockchain/private-key", "database/url", "jwt/secret", "kyc-provider/api-key"].map((name) => [
      `/coinestate/prod/${name}`,
      { store: name === "jwt/secret" ? "secretsManager" : "parameter" },
    ]),
  );
  const stores = { parameterStore: "aws-parameters", secretsManager: "aws-secrets" };
  const resources = await graph({ secrets, "kubernetes.cluster.secretStores": stores });
  const external = resources.find(({ type }) => type.endsWith(":ExternalSecret"))!;
  const { secretStoreRef, data } = external.inputs.spec as unknown as {
    secretStoreRef: { name: string };
    data: { remoteRef: { key: string }; sourceRef?: { storeRef: { name: string } } }[];
  };
  expect(Object.fromEntries(data.map(({ remoteRef, sourceRef }) => [remoteRef.key, (sourceRef?.storeRef ?? secretStoreRef).name]))).toEqual(
    {
      "/coinestate/prod/blockchain/private-key": "aws-parameters",
      "/coinestate/prod/database/url": "aws-parameters",
      "/coinestate/prod/jwt/secret": "aws-secrets",
      "/coinestate/prod/kyc-provider/api-key": "aws-parameters",
    },
  );
});
