/** A host is handed from one part of a stack to another in one update: at no moment does its name have two records of two kinds. */
import { describe, expect, test } from "vitest";
import { apiOnCluster } from "../../harness/cluster.ts";
import { configOf, type Edits } from "../../harness/config.ts";
import { declaredGraph } from "../../harness/declaredGraph.ts";
import { behindCloudflare } from "../../harness/edge/declared.ts";
import { nextUpdate } from "../../harness/nextUpdate.ts";
import { onlyApi, unwatched } from "../../harness/smallStacks.ts";

const records = ["aws:route53/record:Record", "cloudflare:index/dnsRecord:DnsRecord"];
const zone = "coinestate.io";
const [app, api, shop] = [`app.${zone}`, `api.${zone}`, `shop.${zone}`];

const route53: Edits = { dns: { provider: "route53", zone, zoneId: "Z0123456789ABCDEFGHIJ" } };

/** Domain records of the second update, those of certificates left out. */
async function handedOver(from: Edits, to: Edits): Promise<string[]> {
  const graph = (edits: Edits) =>
    declaredGraph(
      configOf("bench/production", { ...unwatched, ...onlyApi, protect: false, edge: { provider: "none", records: true }, ...edits }),
    );
  const [before, after] = [await graph(from), await graph(to)];
  return nextUpdate(before, after, records).filter((line) => !/ _[0-9a-f]+\./.test(line));
}

const external = (serve: string): Edits => ({
  sites: { app: { hosts: [app], origin: { kind: "external", host: "cname.vercel-dns.com", serve } } },
});
const bucket: Edits = { sites: { app: { hosts: [app] } } };
const inService: Edits = { "services.api.route.hosts": [api, shop], sites: { app: { hosts: [app], backend: { service: "api" } } } };
const inSite: Edits = { "services.api.route.hosts": [api, shop], sites: { app: { hosts: [app, shop], backend: { service: "api" } } } };
const inFirst: Edits = { sites: { app: { hosts: [app, shop] }, docs: { hosts: [`docs.${zone}`] } } };
const inSecond: Edits = { sites: { app: { hosts: [app] }, docs: { hosts: [`docs.${zone}`, shop] } } };

test("case 02 the emergency switch of a site changes one record in place, there and back", async () => {
  const [primary, backup] = [
    { ...route53, ...external("primary") },
    { ...route53, ...external("backup") },
  ];
  expect(await handedOver(primary, backup)).toEqual([`update CNAME ${app}`]);
  expect(await handedOver(backup, primary)).toEqual([`update CNAME ${app}`]);
});

test("case 02 a site that moves from its bucket to an external host, or back, loses the old kind of record first", async () => {
  const [own, others] = [
    { ...route53, ...bucket },
    { ...route53, ...external("primary") },
  ];
  expect(await handedOver(own, others)).toEqual([`delete AAAA ${app}`, `delete A ${app}`, `create CNAME ${app}`]);
  expect(await handedOver(others, own)).toEqual([`delete CNAME ${app}`, `create A ${app}`, `create AAAA ${app}`]);
});

describe.each([
  ["Route 53", route53, "A"],
  ["Cloudflare", {}, "CNAME"],
] as const)("at %s", (_, at: Edits, type) => {
  test("case 04 a host passes from a service to a site, and back", async () => {
    const [before, after] = [
      { ...at, ...inService },
      { ...at, ...inSite },
    ];
    expect(await handedOver(before, after)).toContain(`update ${type} ${shop}`);
    expect(await handedOver(after, before)).toContain(`update ${type} ${shop}`);
  });

  test("case 04 a host passes from one site to another, and its certificate's record with it", async () => {
    expect(await handedOver({ ...at, ...inFirst }, { ...at, ...inSecond })).toContain(`update ${type} ${shop}`);
  });
});

test("C3 a record at Cloudflare whose type changes goes before the other comes, there and back", async () => {
  const at = (address: string): Edits => ({ ...apiOnCluster, "kubernetes.cluster.gateway.address": address });
  const [alias, ipv4] = [at("gateway.elsewhere.io"), at("203.0.113.9")];
  expect(await handedOver(alias, ipv4)).toEqual([`delete CNAME ${api}`, `create A ${api}`]);
  expect(await handedOver(ipv4, alias)).toEqual([`delete A ${api}`, `create CNAME ${api}`]);
});

test("C4 a region's own name and the way in of its checkers stay what they are when the edge's checks or failover come and go", async () => {
  const secondary = { region: "us-west-2", zones: ["us-west-2a", "us-west-2b"], cidr: "10.120.0.0/16" };
  const lone: Edits = { ...unwatched, ...onlyApi, ...behindCloudflare, uptime: undefined, protect: false };
  const certificate: Edits = { "loadBalancer.certificate.alternativeNames": ["*.coinestate.io"] };
  const held = async (healthChecks: boolean, failover: boolean) => {
    const edits: Edits = { "edge.origin.healthChecks": healthChecks, failover: failover ? { secondary } : undefined };
    const graph = await declaredGraph(configOf("bench/production", { ...lone, ...certificate, ...edits }));
    const own = graph.filter(
      ({ inputs: { name, region, description } }) =>
        name === "origin-use1.coinestate.io" || (region === "us-east-1" && description === "HTTPS from Route 53 health checkers"),
    );
    return own.map(({ urn }) => urn);
  };
  const both = await held(true, true);
  expect(both).toHaveLength(2);
  expect(await held(true, false)).toEqual(both);
  expect(await held(false, true)).toEqual(both);
});
