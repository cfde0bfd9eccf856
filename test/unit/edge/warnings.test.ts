/** What only Cloudflare can judge is a warning of the config: it is told with its line and refuses nothing. */
import { mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { expect, test } from "vitest";
import { stringify } from "yaml";
import { contractProblems } from "../../../components/contract/accepted.ts";
import { zoneContract } from "../../../components/edge/zone.ts";
import { examine } from "../../../infra/config/parse.ts";
import { formatConfigPath } from "../../../infra/config/problem.ts";
import type { StackConfig } from "../../../infra/config/stack.ts";
import { resolvedConfig } from "../../../ops/config/show.ts";
import { type Edits, rawConfig } from "../../harness/config.ts";
import { behindCloudflare } from "../../harness/edge/declared.ts";

const rule = (expression: string) => ({ type: "expression", priority: 15, mode: "block", expression });
const raw = (expression: string) =>
  rawConfig("bench/production", { ...behindCloudflare, "edge.redirects": undefined, "edge.rules.visitors": rule(expression) });
const european = "not ip.src.is_in_european_union";

test("a field that Slipway does not know is a warning, a syntax error a problem", () => {
  const { problems, warnings } = examine(raw(european));
  expect(problems).toEqual([]);
  expect(warnings.map(({ path, found }) => [formatConfigPath(path), found])).toEqual([
    ["edge.rules.visitors.expression", "is using the field ip.src.is_in_european_union, which Slipway does not know"],
  ]);
  const wrong = examine(raw("not (ip.src.is_in_european_union"));
  expect(wrong.problems.map(({ path }) => formatConfigPath(path))).toEqual(["edge.rules.visitors.expression"]);
  expect(wrong.warnings).toEqual([]);
});

test("whoever reads the stack file is told the line, and gets the config", () => {
  const folder = mkdtempSync(join(tmpdir(), "slipway-warnings-"));
  const file = join(folder, "Pulumi.production.yaml");
  const values = Object.entries(raw(european)).map(([key, value]) => [`slipway:${key}`, value]);
  writeFileSync(file, stringify({ config: Object.fromEntries(values) }));
  const warned: string[] = [];
  const config = resolvedConfig(file, (text) => warned.push(text));
  rmSync(folder, { recursive: true });
  expect(warned).toHaveLength(1);
  expect(warned[0]).toMatch(
    /^Pulumi\.production\.yaml has 1 warning:\n\n {2}line \d+ +slipway:edge\.rules\.visitors\.expression +is using the field ip\.src\.is_in_/,
  );
  const edge = config.edge as Extract<StackConfig["edge"], { provider: "cloudflare" }>;
  expect(edge.rules.visitors).toMatchObject({ expression: european });
});

test("the component takes it as well, and refuses what is wrong", () => {
  const zone = (expression: string) =>
    contractProblems(zoneContract({}), {
      zoneId: "0123456789abcdef0123456789abcdef",
      plan: "enterprise",
      hosts: [],
      rules: { visitors: rule(expression) },
    });
  expect(zone(european)).toEqual([]);
  expect(zone("http.host lt 3").map(({ propertyPath }) => propertyPath)).toEqual(["rules.visitors.expression"]);
});

test("C15 a redirect for a host that no proxied record leads to Cloudflare is a warning: no request gets there", () => {
  const redirect = (host: string) => ({ priority: 10, when: { hosts: [host] }, toHost: "app.coinestate.io" });
  const redirects = { www: redirect("www.coinestate.io"), api: redirect("api.coinestate.io") };
  const warned = (edits: Edits) =>
    examine(rawConfig("bench/production", { ...behindCloudflare, "edge.redirects": redirects, ...edits })).warnings.map(
      ({ path, found }) => `${formatConfigPath(path)} ${found}`,
    );
  expect(warned({})).toEqual(['edge.redirects.www.when.hosts[0] is "www.coinestate.io", and the stack has no proxied record of it']);
  expect(warned({ sites: { www: { hosts: ["www.coinestate.io"], proxied: true } } })).toEqual([]);
  expect(warned({ "services.web.route.hosts": ["app.coinestate.io", "*.coinestate.io"] })).toEqual([]);
  // Where a stack writes no records they are somebody else's, and nobody here can tell.
  expect(warned({ "edge.records": false })).toEqual([]);
});
