/** Whether an update has what it writes to Cloudflare with, asked before anything is registered. */
import { expect, test } from "vitest";
import { cloudflareTokenProblems } from "../../infra/config/cloudflareToken.ts";
import { configOf } from "../harness/config.ts";

const told = (environment: Readonly<Record<string, string>>, stack = "staging") =>
  cloudflareTokenProblems(configOf(stack), environment).map(({ found, fix }) => `${found}: ${fix}`);
const missing = ['is "cloudflare", and CLOUDFLARE_API_TOKEN is not set: export CLOUDFLARE_API_TOKEN=<token>'];

test.each<[string, Readonly<Record<string, string>>, readonly string[]]>([
  ["nothing", {}, missing],
  ["an empty token", { CLOUDFLARE_API_TOKEN: "" }, missing],
  ["a key without its owner", { CLOUDFLARE_API_KEY: "k" }, missing],
  ["another provider that is simulated", { SLIPWAY_SIMULATED: "aws,kubernetes" }, missing],
  ["a token", { CLOUDFLARE_API_TOKEN: "t" }, []],
  ["a key and its owner", { CLOUDFLARE_API_KEY: "k", CLOUDFLARE_EMAIL: "devops@coinestate.io" }, []],
  ["simulated Cloudflare", { SLIPWAY_SIMULATED: "cloudflare,kubernetes" }, []],
  ["a provider that runs already", { PULUMI_DEBUG_PROVIDERS: "aws:1,cloudflare:2" }, []],
])("A7 Cloudflare's zone with %s", (_, environment, problems) => {
  expect(told(environment)).toEqual(problems);
});

test("a zone at Route 53 needs none", () => {
  expect(told({}, "clearhold/production")).toEqual([]);
});
