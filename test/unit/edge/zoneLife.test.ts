/** What a zone at Cloudflare goes through after it was made: changes, other people's settings, and its end. */
import { expect, test } from "vitest";
import { conditionExpression } from "../../../components/edge/cloudflare/condition.ts";
import { zone } from "../../../components/edge/contract.ts";
import { examine } from "../../../infra/config/parse.ts";
import { formatConfigPath } from "../../../infra/config/problem.ts";
import type { LiveStore } from "../../../sandbox/cloud/liveStore.ts";
import { configOf, type Edits, rawConfig } from "../../harness/config.ts";
import { declaredGraph } from "../../harness/declaredGraph.ts";
import { behindCloudflare } from "../../harness/edge/declared.ts";
import { nextUpdate } from "../../harness/nextUpdate.ts";
import { onlyApi, scarcelyWatched } from "../../harness/smallStacks.ts";

const settingType = "cloudflare:index/zoneSetting:ZoneSetting";
const signatureType = "cloudflare:index/zoneDnssec:ZoneDnssec";
const edits = (more: Edits): Edits => ({ ...scarcelyWatched, ...onlyApi, ...behindCloudflare, ...more });
const declared = (more: Edits = {}) => declaredGraph(configOf("bench/production", edits(more)));

test("C6 a change of HSTS is written whole: the setting goes, which changes nothing at Cloudflare, and comes again", async () => {
  const after = await declared({ "edge.headers.strictTransportSecurity.maxAgeSeconds": 86_400 });
  const name = "coinestate-prod-edge-zone-security_header";
  let kept: unknown;
  const look = (store: LiveStore) => {
    kept = store.all(settingType).find(({ properties }) => properties.settingId === "security_header")?.properties.value;
  };
  expect(nextUpdate(await declared(), after, [settingType], { after: look })).toEqual([`create  ${name}`]);
  const rest = { enabled: true, include_subdomains: true, nosniff: true };
  expect(kept).toEqual({ strict_transport_security: expect.objectContaining({ ...rest, max_age: 86_400 }) });
});

test("C7 a zone stays signed when the stack stops signing it, or goes: the registrar may have its DS record still", async () => {
  const [before, after] = [await declared(), await declared({ "edge.dnssec": false })];
  expect(before.some(({ type }) => type === signatureType)).toBe(true);
  let left: readonly unknown[] = [];
  const look = (store: LiveStore) => {
    left = store.all(signatureType).map(({ properties }) => properties.status);
  };
  expect(nextUpdate(before, after, [signatureType], { after: look })).toEqual([]);
  expect(left).toEqual(["pending"]);
});

test("C13 a signed zone that waits for the registrar's DS record is as declared", async () => {
  const wanted = await declared();
  expect(nextUpdate(wanted, wanted, [signatureType], { refresh: true })).toEqual([]);
});

test("C14 TLS 1.3 with 0-RTT, as Cloudflare answers where that is on, is as declared", async () => {
  const wanted = await declared();
  const { zoneId } = wanted.find(({ type }) => type === settingType)!.inputs;
  const earlyData = { zoneId: zoneId!, settingId: "0rtt", value: "on" };
  const before = (store: LiveStore) => store.put({ type: settingType, id: "0rtt", scope: "zones", properties: earlyData, createdFor: "" });
  expect(nextUpdate(wanted, wanted, [settingType], { before, refresh: true })).toEqual([]);
});

test("C8 what a stack sets for a zone stays when the stack lets go of it, and the engine says so", async () => {
  const settings = (await declared()).filter(({ type }) => type === settingType);
  expect(settings).toHaveLength(6);
  expect(settings.map(({ retainOnDelete }) => retainOnDelete)).toEqual(Array(6).fill(true));
  expect(nextUpdate(settings, [], [settingType])).toEqual([]);
});

test("C18 a host is compared in lower case, as paths are", () => {
  expect(conditionExpression({ hosts: ["api.coinestate.io"] })).toBe('lower(http.host) eq "api.coinestate.io"');
  expect(conditionExpression({ hosts: ["*.coinestate.io"] })).toBe('ends_with(lower(http.host), ".coinestate.io")');
});

test("C20 HSTS has by default the longest age that Cloudflare's dashboard can show", () => {
  const { headers } = zone.parse({ zoneId: "", hosts: [], plan: "pro" });
  expect(headers.strictTransportSecurity.maxAgeSeconds).toBe(31_536_000);
});

test("C21 answers that the edge does not keep have no time for browsers, and one that is asked for is refused", async () => {
  const rule = (browserSeconds: number) => ({ priority: 10, when: { paths: ["/pages/*"] }, edgeSeconds: 0, browserSeconds });
  const rules = (browserSeconds: number): Edits => ({ "edge.cache": { rules: { pages: rule(browserSeconds) } } });
  const graph = await declared(rules(0));
  const [first] = graph.find(({ inputs }) => inputs.phase === "http_request_cache_settings")!.inputs.rules as unknown as object[];
  expect(first).toMatchObject({ ref: "pages", actionParameters: { cache: false } });
  expect(JSON.stringify(first)).not.toContain("browserTtl");
  const { problems } = examine(rawConfig("bench/production", edits(rules(60))));
  expect(problems.map(({ path }) => formatConfigPath(path))).toEqual(["edge.cache.rules.pages.browserSeconds"]);
});
