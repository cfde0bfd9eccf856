/** The small graph of what depends on what changes: bounded, out of the state's dependencies, and safe to draw. */
import { expect, test } from "vitest";
import { commentText } from "../../../ops/review/comment.ts";
import type { Dependency } from "../../../ops/review/reach.ts";
import { reviewOf } from "../../harness/craftedReview.ts";

const urn = (type: string, name: string) => `urn:pulumi:production::slipway::${type}::${name}`;
const group = "aws:ec2/securityGroup:SecurityGroup";
const rule = "aws:vpc/securityGroupIngressRule:SecurityGroupIngressRule";
const alarm = "aws:cloudwatch/metricAlarm:MetricAlarm";

const dependent = (type: string, name: string, ...on: string[]): Dependency => ({
  urn: urn(type, name),
  type,
  custom: true,
  dependencies: on,
});
const comment = (resources: readonly Dependency[], name = "alb") =>
  commentText({
    project: "p",
    commit: "c",
    reviews: [reviewOf({ [name]: { type: group, before: { egress: [] }, after: { egress: [{ fromPort: 1 }] } } }, {}, { resources })],
  });

test("what changes and what depends on it are drawn, several of a type as a number", () => {
  const on = urn(group, "alb");
  const text = comment([
    dependent(rule, "https", on),
    dependent(alarm, "a", on),
    dependent(alarm, "b", on),
    dependent(alarm, "elsewhere", urn(group, "other")),
    { urn: urn("slipway:x:X", "component"), type: "slipway:x:X", dependencies: [on] },
  ]);
  const drawn = /```mermaid\n([\s\S]*?)\n```/.exec(text)?.[1]?.split("\n");
  expect(drawn).toEqual([
    "flowchart LR",
    '  c0["update ec2.securityGroup alb"]:::change',
    '  c0 --> c0d0["2 × cloudwatch.metricAlarm"]',
    '  c0 --> c0d1["vpc.securityGroupIngressRule https"]',
    "  classDef change stroke-width:3px",
  ]);
});

test("where nothing depends on it, or the state was not read, there is no graph", () => {
  expect(comment([dependent(alarm, "a")])).not.toContain("mermaid");
  expect(comment([])).not.toContain("mermaid");
});

test("it has at most six changes and five kinds of each", () => {
  const names = Array.from({ length: 20 }, (_, index) => `group-${index}`);
  const kinds = Array.from({ length: 9 }, (_, index) => `aws:area${index}/thing:Thing`);
  const resources = names.flatMap((name) => kinds.map((type) => dependent(type, `${name}-x`, urn(group, name))));
  const steps = Object.fromEntries(
    names.map((name) => [name, { type: group, before: { egress: [] }, after: { egress: [{ fromPort: 1 }] } }]),
  );
  const { reach = [] } = reviewOf(steps, {}, { resources });
  expect(reach).toHaveLength(6);
  expect(reach.every(({ dependents, more }) => dependents.length === 5 && more === 4)).toBe(true);
});

test("a resource that is named to break out does not", () => {
  const hostile = 'a"];\n```\n@everyone <b>';
  const text = comment([dependent(alarm, "a", urn(group, hostile))], hostile);
  const [, drawn = ""] = /```mermaid\n([\s\S]*?)\n```/.exec(text) ?? [];
  expect(drawn).toContain("update ec2.securityGroup a");
  expect(drawn).not.toMatch(/@|<|`|"\]\s*;/);
});
