/** Whether an update has what it writes to Cloudflare with, asked before anything is registered. */
import { expect, test } from "vitest";
import { cloudflareTokenProblems, mayAskCloudflare } from "../../infra/config/cloudflareToken.ts";
import { configOf } from "../harness/config.ts";

const told = (environment: Readonly<Record<string, string>>, stack = "staging", preview = false) =>
  cloudflareTokenProblems(configOf(stack), environment, { preview }).map(({ found, fix }) => `${found}: ${fix}`);
const token = "sn3lZJTBX6kkg7OdcBUAxOO963GEIyGQqnFTOFYY";
const missing = ['is "cloudflare", and CLOUDFLARE_API_TOKEN is not set: export CLOUDFLARE_API_TOKEN=<token>'];

test.each<[string, Readonly<Record<string, string>>, readonly string[]]>([
  ["nothing", {}, missing],
  ["an empty token", { CLOUDFLARE_API_TOKEN: "" }, missing],
  ["a key without its owner", { CLOUDFLARE_API_KEY: "k" }, missing],
  ["another provider that is simulated", { SLIPWAY_SIMULATED: "aws,kubernetes" }, missing],
  ["a token", { CLOUDFLARE_API_TOKEN: token }, []],
  ["a token with prefix and checksum", { CLOUDFLARE_API_TOKEN: `cfut_${token}1a2b3c4d` }, []],
  ["a key and its owner", { CLOUDFLARE_API_KEY: "k", CLOUDFLARE_EMAIL: "devops@coinestate.io" }, []],
  ["simulated Cloudflare", { SLIPWAY_SIMULATED: "cloudflare,kubernetes" }, []],
  ["a provider that runs already", { PULUMI_DEBUG_PROVIDERS: "aws:1,cloudflare:2" }, []],
])("A7 Cloudflare's zone with %s", (_, environment, problems) => {
  expect(told(environment)).toEqual(problems);
});

test("C5 a text that is no token is refused in a preview, too, and nothing of it is told", () => {
  const texts = ["abc", `${token}\n`, `Bearer ${token}`];
  for (const CLOUDFLARE_API_TOKEN of texts)
    for (const preview of [true, false]) {
      const [said = ""] = told({ CLOUDFLARE_API_TOKEN }, "staging", preview);
      expect(said).toMatch(/CLOUDFLARE_API_TOKEN is no token: it has .*export CLOUDFLARE_API_TOKEN=<token>/);
      expect(said).not.toContain(CLOUDFLARE_API_TOKEN);
    }
});

test("C5 a preview may have the token of zeros, which asks nothing, or none, of which it warns", () => {
  const problems = (environment: Readonly<Record<string, string>>, preview = true) =>
    cloudflareTokenProblems(configOf("staging"), environment, { preview }).map(({ severity }) => severity);
  const zeros = { CLOUDFLARE_API_TOKEN: "0".repeat(40) };
  expect(problems(zeros)).toEqual([]);
  expect(problems({})).toEqual(["warning"]);
  expect(problems(zeros, false)).toEqual(["error"]);
  expect([zeros, {}, { CLOUDFLARE_API_TOKEN: token }].map(mayAskCloudflare)).toEqual([false, false, true]);
});

test("a zone at Route 53 needs none", () => {
  expect(told({}, "clearhold/production")).toEqual([]);
});
