/** Where the hosts of services and sites lead: one record a name, to what answers it. */
import { describe, expect, test } from "vitest";
import { recordedHosts, siteHosts } from "../../../components/environment/contract/hostRecords.ts";
import { examine } from "../../../infra/config/parse.ts";
import { formatConfigPath } from "../../../infra/config/problem.ts";
import { declare } from "../../../infra/program.ts";
import { hostsCases, route53 } from "../../harness/badConfigs/hosts.ts";
import { apiOnCluster } from "../../harness/cluster.ts";
import { applyFix, configOf, type Edits, exampleStacks, rawConfig } from "../../harness/config.ts";
import { declaredGraph } from "../../harness/declaredGraph.ts";
import { behindCloudflare } from "../../harness/edge/declared.ts";
import { graphOf, type Registered } from "../../harness/graph.ts";
import { scarcelyWatched } from "../../harness/smallStacks.ts";

const recordTypes = ["cloudflare:index/dnsRecord:DnsRecord", "aws:route53/record:Record"];
const validation = (name: unknown) => String(name).startsWith("_");

/** Records of a stack that lead hosts somewhere: name of the resource, host, type, what it leads to. */
async function hostRecords(stack: string, edits: Edits = {}) {
  const resources = await declaredGraph(configOf(stack, edits));
  return resources
    .filter(({ type, inputs }) => recordTypes.includes(type) && !validation(inputs.name))
    .map((resource) => ({
      name: resource.name,
      host: String(resource.inputs.name),
      type: resource.inputs.type,
      leadsTo: leadsTo(resource),
    }));
}

function leadsTo({ inputs }: Registered): string {
  const { content, records, aliases } = inputs as { content?: string; records?: string[]; aliases?: { name: string }[] };
  return content ?? records?.[0] ?? aliases?.[0]?.name ?? "";
}

const address = "kubernetes.cluster.gateway.address";
const loadBalancer = /^[a-z]+-(?:prod-use1-alb|staging-use1-alb|stagin-[0-9a-z]{6})-.*\.elb\.amazonaws\.com$/;

describe("hosts of services on the cluster", () => {
  const records = async (edits: Edits) =>
    (await hostRecords("bench/production", { ...scarcelyWatched, ...apiOnCluster, ...edits })).filter(({ host }) =>
      /^(api|app)\./.test(host),
    );
  const app = {
    name: "coinestate-prod-edge-records-app.coinestate.io",
    host: "app.coinestate.io",
    leadsTo: expect.stringMatching(loadBalancer),
  };

  test.each<[why: string, zone: Edits, at: string, type: string, appType: string]>([
    ["a host name", route53, "gw.elsewhere.io", "CNAME", "A"],
    ["an IPv4 address", route53, "203.0.113.7", "A", "A"],
    ["a host name, at Cloudflare", { edge: { provider: "none", records: true } }, "gw.elsewhere.io", "CNAME", "CNAME"],
    ["an IPv4 address, at Cloudflare", { edge: { provider: "none", records: true } }, "203.0.113.7", "A", "CNAME"],
  ])("lead to the gateway's address and never to the load balancer: %s", async (_, zone, at, type, appType) => {
    expect(await records({ ...zone, [address]: at })).toEqual([
      { name: "coinestate-prod-edge-records-api.coinestate.io", host: "api.coinestate.io", type, leadsTo: at },
      { ...app, type: appType },
    ]);
  });

  test("get no record where the gateway's address is not given", async () => {
    expect(await records(route53)).toEqual([{ ...app, type: "A" }]);
  });

  test("get none of the load balancer's secret from the edge", async () => {
    const resources = await graphOf(() =>
      declare(configOf("bench/production", { ...scarcelyWatched, ...apiOnCluster, ...behindCloudflare, [address]: "gw.elsewhere.io" })),
    );
    const sent = resources.find(({ inputs }) => inputs.phase === "http_request_late_transform")!.inputs.rules as unknown as {
      expression: string;
    }[];
    expect(sent.map(({ expression }) => expression)).toEqual([expect.stringContaining('"app.coinestate.io"')]);
    expect(sent[0]!.expression).not.toContain("api.coinestate.io");
  });

  test("the shipped stack on a cluster leads its front to the gateway", async () => {
    const found = (await hostRecords("coinestate/staging")).find(({ host }) => host === "staging-app.coinestate.io");
    expect(found).toMatchObject({
      name: "coinestate-staging-edge-records-staging-app.coinestate.io",
      leadsTo: expect.stringMatching(/^k8s-gateways-public-/),
    });
  });
});

describe("a site that shares its host with its service", () => {
  const shared: Edits = { sites: { app: { hosts: ["api.clearhold.app"], backend: { service: "api" } } } };

  test("has the only record of that name", async () => {
    const found = (await hostRecords("clearhold/production", shared)).filter(({ host }) => host === "api.clearhold.app");
    expect(found.map(({ name, type }) => [name, type])).toEqual([
      ["clearhold-prod-edge-records-api.clearhold.app", "A"],
      ["clearhold-prod-edge-records-api.clearhold.app-AAAA", "AAAA"],
    ]);
    for (const { leadsTo: to } of found) expect(to).toMatch(/\.cloudfront\.net$/);
  });
});

test.each(exampleStacks)("%s makes every name in its zone that its sites' backends and its checks ask", (stack) => {
  const config = configOf(stack);
  const { loadBalancer: direct, gateway } = recordedHosts(config);
  const made = new Set([...direct, ...gateway, ...siteHosts(config)]);
  const asked = Object.values(config.uptime.endpoints).map(({ host }) => host);
  expect(asked.length).toBeGreaterThan(0);
  expect(asked.filter((host) => !made.has(host))).toEqual([]);
});

test("the name by which CloudFront asks Olympiad's API has a record", async () => {
  const found = (await hostRecords("olympiad/production")).filter(({ host }) => host === "api.olympiad.example");
  expect(found).toEqual([
    {
      name: "olympiad-prod-edge-records-api.olympiad.example",
      host: "api.olympiad.example",
      type: "A",
      leadsTo: expect.stringMatching(loadBalancer),
    },
  ]);
});

test("without a firewall there are records only where config asks for them", async () => {
  expect((await hostRecords("bench/production")).map(({ host }) => host)).toEqual([]);
});

test.each(hostsCases)("$path: $says", ({ path, says, stack = "", edits, noFix }) => {
  const raw = rawConfig(stack, edits);
  const { problems } = examine(raw);
  expect(problems.map((problem) => formatConfigPath(problem.path))).toEqual([path]);
  const [{ found, reason = "", allowed = "", fix }] = problems as [(typeof problems)[number]];
  expect([found, reason, allowed].join(" ")).toContain(says);
  if (noFix) return;
  applyFix(raw, fix!);
  expect(examine(raw).problems).toEqual([]);
});

describe("a region's own name", () => {
  const origins = async (stack: string, edits: Edits = {}) =>
    (await hostRecords(stack, { ...behindCloudflare, ...edits })).flatMap(({ name, host }) =>
      name.includes("origin-record") ? [host] : [],
    );

  test("is of one stack alone, where several stacks of a zone lock their origins", async () => {
    expect(await origins("bench/production")).toEqual(["origin-use1.coinestate.io"]);
    expect(await origins("staging", { "edge.certificateNames": ["*.staging.coinestate.io"] })).toEqual([
      "origin-use1.staging.coinestate.io",
    ]);
  });

  test("is the one that failover knows, also for the edge's health checks", async () => {
    const host = "eu-api.coinestate.io";
    expect(await origins("bench/production", { "failover.primary.host": host })).toEqual([host]);
  });
});

test("other systems 5.12 a stack that says nothing of an edge leads the hosts of its zone to its load balancer", async () => {
  const found = await hostRecords("bench/production", { ...scarcelyWatched, edge: undefined });
  expect(found.map(({ host, leadsTo: to }) => [host, to])).toEqual([
    ["api.coinestate.io", expect.stringMatching(loadBalancer)],
    ["app.coinestate.io", expect.stringMatching(loadBalancer)],
  ]);
});
