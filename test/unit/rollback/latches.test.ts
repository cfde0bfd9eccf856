/** What an update does when nobody can read the latches: it goes back, and nowhere else. */
import { runtime } from "@pulumi/pulumi";
import { beforeEach, expect, test } from "vitest";
import { latchedChanges } from "../../../infra/config/latchedChanges.ts";
import { type DeployedService, takesTrafficBack } from "../../../infra/release/deployedRelease.ts";
import { readLatches } from "../../../infra/release/latches.ts";
import { configOf, type Edits } from "../../harness/config.ts";

/** What the parameter store answers. */
let answer: () => Promise<Readonly<Record<string, unknown>>>;
/** As gRPC brings a provider's failure. */
const unreadable = () =>
  Promise.reject(Object.assign(new Error("2 UNKNOWN"), { details: "AccessDeniedException: ssm:GetParametersByPath" }));
beforeEach(async () => {
  answer = () => Promise.resolve({ names: [], values: [] });
  await runtime.setMocks({ call: () => answer(), newResource: ({ name, inputs }) => ({ id: name, state: inputs }) });
});

const left = (blue: number, rollbackTo: "blue" | "green" = "blue"): DeployedService => ({
  ...{ weights: { blue, green: 100 - blue }, images: { blue: "a", green: "b" }, capacity: { blue: "full", green: "full" } },
  ...{ settings: { blue: "", green: "" }, port: 3000, priority: 100, servedUntil: { blue: "", green: "" }, rollbackTo },
});
const weight = "services.api.release.candidateWeight";
const sticky = { "services.api.release.stickinessSeconds": 60 };
const read = (edits: Edits, before = left(75)) =>
  readLatches(configOf("bench/production", edits), { api: before }, ["us-east-1"], undefined);

test("an answer without a parameter is no latch", async () => {
  await expect(read({ [weight]: 5, ...sticky })).resolves.toEqual([]);
});

test("a value that somebody edited is a latch of which nobody can tell", async () => {
  answer = () => Promise.resolve({ names: ["/slipway/coinestate/prod/rollback/api"], values: ["?"] });
  await expect(read({ [weight]: 5 })).resolves.toEqual([{ service: "api", region: "us-east-1" }]);
});

const byHand = { state: "set", service: "api", alarm: "", by: "arn:jo", reason: "slow", at: "2026-12-01T00:00:00Z", outcome: "rolledBack" };

test("a person's rollback of a service that no alarm rolls back is a latch like any other, until another image is released", async () => {
  const digest = `sha256:${"a".repeat(64)}`;
  const latch = { ...byHand, live: "blue", candidate: "green", before: { blue: 50, green: 50 }, digest };
  answer = () => Promise.resolve({ names: ["/slipway/coinestate/prod/rollback/api.by-hand"], values: [JSON.stringify(latch)] });
  const edits = (image: string) => ({ [weight]: 5, autoRollback: undefined, "services.api.release.green": { image, capacity: "full" } });
  const latches = await read(edits(digest));
  expect(latches).toMatchObject([{ service: "api", latch: { by: "arn:jo", digest } }]);
  const problems = latchedChanges(configOf("bench/production", edits(digest)), latches, "production");
  expect(problems).toMatchObject([
    { reason: "arn:jo (slow) took all traffic from green in us-east-1 at 2026-12-01T00:00:00Z, and nobody has acknowledged it" },
  ]);
  const another = configOf("bench/production", edits(`sha256:${"b".repeat(64)}`));
  expect(latchedChanges(another, latches, "production")).toEqual([]);
  await expect(read({ [weight]: 5 })).resolves.toEqual([]);
});

test("the way back asks nobody", async () => {
  answer = unreadable;
  await expect(read({ [weight]: 0 })).resolves.toEqual([]);
});

test.each([
  ["a candidate with traffic", { [weight]: 5 }, left(75), "candidateWeight to 0."],
  [
    "clients that stick, at weight 0 too: their candidate would come back into the rule",
    { [weight]: 0, ...sticky },
    left(100),
    "stickinessSeconds to nothing (remove it).",
  ],
  ["a colour that becomes live", { [weight]: 0, "services.api.release.live": "green" }, left(50), "live to blue."],
])("%s: nothing is changed without an answer", async (_, edits, before, fix) => {
  answer = unreadable;
  await expect(read(edits, before)).rejects.toThrow("Nobody can tell whether api was rolled back, so nothing was changed: AccessDenied");
  await expect(read(edits, before)).rejects.toThrow(`The way back of api needs no latch: under services.api.release set ${fix}`);
});

test("what is advised is taken", async () => {
  answer = unreadable;
  await expect(read({ [weight]: 0, "services.api.release.stickinessSeconds": undefined }, left(100))).resolves.toEqual([]);
});

test("C5 an update that takes traffic from a candidate is told from others: Cloudflare's word does not hold it", () => {
  const live = "services.api.release.live";
  const takes = (edits: Edits, before: DeployedService) => takesTrafficBack(configOf("bench/production", edits), { api: before });
  expect(takes({ [weight]: 0 }, left(75))).toBe(true);
  expect(takes({ [weight]: 10 }, left(75))).toBe(true);
  expect(takes({ [weight]: 25 }, left(75))).toBe(false);
  expect(takes({ [weight]: 50 }, left(75))).toBe(false);
  expect(takes({ [weight]: 0 }, left(0))).toBe(true);
  expect(takes({ [weight]: 0, [live]: "green" }, left(75))).toBe(false);
  expect(takesTrafficBack(configOf("bench/production"), {})).toBe(false);
});
