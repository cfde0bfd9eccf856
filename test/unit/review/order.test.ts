/** Where order is a meaning it is told, and where a list is a set it is not. */
import { expect, test } from "vitest";
import { linesOf, reviewOf } from "../../harness/craftedReview.ts";

const ruleset = "cloudflare:index/ruleset:Ruleset";
const bots = { ref: "bots", action: "block", expression: "a" };
const partners = { ref: "partners", action: "skip", expression: "b" };
const login = { ref: "login", action: "log", expression: "c" };

const definitions = (...command: string[]) => ({
  containerDefinitions: JSON.stringify([{ name: "api", image: "i", command, environment: [{ name: "A", value: "1" }] }]),
});

test("V6 a rule that is asked at another place is told, and by which", () => {
  const moved = reviewOf({
    edge: { type: ruleset, before: { rules: [bots, partners, login] }, after: { rules: [partners, bots, login] } },
  });
  expect(linesOf(moved)).toEqual(["traffic WAF rule bots is asked after partners now"]);
});

test("V6 priorities of AWS WAF are the order, whatever the list's is", () => {
  const type = "aws:wafv2/webAcl:WebAcl";
  const rule = (name: string, priority: number) => ({ name, priority, action: { block: {} }, statement: { s: name } });
  const before = { rules: [rule("bots", 1), rule("partners", 2)] };
  const swapped = reviewOf({ edge: { type, before, after: { rules: [rule("bots", 3), rule("partners", 2)] } } });
  expect(linesOf(swapped)).toEqual(["traffic WAF rule bots is asked after partners now"]);
  const listed = reviewOf({ edge: { type, before, after: { rules: [rule("partners", 2), rule("bots", 1)] } } });
  expect(listed.risk).toBe("noise");
});

test.each([
  ["aws:cloudfront/distribution:Distribution", { orderedCacheBehaviors: [{ pathPattern: "/a/b" }, { pathPattern: "/a" }] }],
  ["aws:ecs/taskDefinition:TaskDefinition", definitions("migrate", "serve")],
  ["aws:lb/listener:Listener", { defaultActions: [{ type: "authenticate-oidc" }, { type: "forward" }] }],
  ["kubernetes:gateway.networking.k8s.io/v1:HTTPRoute", { spec: { rules: [{ matches: [1] }, { matches: [2] }] } }],
  ["kubernetes:apps/v1:Deployment", { spec: { template: { spec: { containers: [{ name: "a", args: ["x", "y"] }] } } } }],
] as const)("V6 another order is no noise in %s, and the hash is another", (type, before) => {
  const turned = JSON.parse(
    JSON.stringify(before).includes("migrate") ? JSON.stringify(definitions("serve", "migrate")) : JSON.stringify(before),
    (_, value) => (Array.isArray(value) && value.length === 2 ? value.reverse() : value),
  ) as Record<string, unknown>;
  const review = reviewOf({ x: { type, before, after: turned } });
  expect(review.risk).not.toBe("noise");
  expect(review.hash).not.toBe(reviewOf({ x: { type, before, after: {} } }).hash);
  const created = (after: Record<string, unknown>) => reviewOf({ x: { op: "create", type, after } }).hash;
  expect(created(turned)).not.toBe(created(before));
});

test("V6 what has a name is compared by its name, not by its place", () => {
  const variables = (...names: string[]) => ({
    containerDefinitions: JSON.stringify([{ name: "api", environment: names.map((name) => ({ name, value: name.toLowerCase() })) }]),
  });
  const type = "aws:ecs/taskDefinition:TaskDefinition";
  const { changes } = reviewOf({ x: { op: "replace", type, before: variables("A", "C"), after: variables("A", "B", "C") } });
  expect(changes[0]?.differences.map(({ path }) => path)).toEqual(["containerDefinitions.api.environment.B"]);
});
