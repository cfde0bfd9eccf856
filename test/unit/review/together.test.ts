/** What several resources have alike is one line, and its grammar holds. */
import { expect, test } from "vitest";
import { commentText } from "../../../ops/review/comment.ts";
import { linesOf, reviewOf } from "../../harness/craftedReview.ts";

const alarm = "aws:cloudwatch/metricAlarm:MetricAlarm";
const retention = { type: "aws:cloudwatch/logGroup:LogGroup", before: { retentionInDays: 90 }, after: { retentionInDays: 7 } };

test("the same of several resources is told once, by their names, and counts each place", () => {
  const review = reviewOf(Object.fromEntries(["a", "b", "c", "d", "e", "f", "g"].map((name) => [name, retention])));
  expect(linesOf(review)).toEqual(["guard log retention of a, b, c, d, e and 2 more 90 → 7 days"]);
  expect(commentText({ project: "p", commit: "c", reviews: [review] })).toContain("**a guard is weakened**, 7 places");
});

test("names that a sentence is about take its noun and verb with them", () => {
  expect(linesOf(reviewOf({ a: { op: "delete", type: alarm }, b: { op: "delete", type: alarm } }))).toEqual(["guard alarms a, b go"]);
});

test("what differs in more than the name stays apart", () => {
  const lines = linesOf(reviewOf({ a: retention, b: { ...retention, after: { retentionInDays: 14 } } }));
  expect(lines).toEqual(["guard log retention of a 90 → 7 days", "guard log retention of b 90 → 14 days"]);
});

test("one stack that changes is the comment's title; of several each has its own below a heading", () => {
  const titles = (...reviews: ReturnType<typeof reviewOf>[]) =>
    commentText({ project: "p", commit: "c", reviews })
      .split("\n")
      .filter((line) => line.startsWith("#"));
  const one = reviewOf({ a: retention });
  expect(titles(one)).toHaveLength(1);
  expect(titles(one, { ...one, stack: "staging" })).toHaveLength(3);
});

test("a refused config says so in the title, and its problems follow", () => {
  const message = "error: Pulumi.production.yaml has 1 problem:\n\n  line 1  slipway:a   is b\n";
  const review = reviewOf({}, { diagnostics: [{ severity: "error", message }] }, { exitCode: 255 });
  const comment = commentText({ project: "p", commit: "c", reviews: [review] });
  expect(comment).toContain("### production: ⛔ **refused: Pulumi.production.yaml has 1 problem**");
  expect(comment).toContain("```text\n  line 1  slipway:a   is b\n```");
});

test("V16 the engine's refusal is known behind the words that a preview puts before it", () => {
  const urn = "urn:pulumi:production::slipway::aws:secretsmanager/secret:Secret::key";
  const message = `error: Preview failed: resource "${urn}" cannot be deleted\nbecause it is protected. To unprotect the resource, run \`pulumi state unprotect '${urn}'\``;
  const review = reviewOf({}, { diagnostics: [{ severity: "error", message }] }, { exitCode: 255 });
  expect([review.errors, review.refused]).toEqual([[], [{ type: "secretsmanager.secret", name: "key" }]]);
});

test("a rollout is held against the config with its bases, not against the stack's file alone", () => {
  const type = "pulumi:pulumi:Stack";
  const rollout = { strategy: "blueGreen", steps: [{ weight: 100, bakeMinutes: 10 }], retainOldMinutes: 60 };
  const step = {
    op: "same",
    urn: `urn:pulumi:production::slipway::${type}::slipway-production`,
    oldState: { type, custom: false, outputs: { rollout } },
    newState: { type, custom: false },
  };
  const digest = { steps: [step], config: { "slipway:rollout": JSON.stringify({ steps: rollout.steps }) } };
  expect(linesOf(reviewOf({}, digest, { config: { rollout } }))).toEqual([]);
});

test("a host that one service's rule gives to another's is told by its name", () => {
  const rule = (service: string, ...values: string[]) => ({ tags: { Service: service }, conditions: [{ hostHeader: { values } }] });
  const type = "aws:lb/listenerRule:ListenerRule";
  const lines = linesOf(
    reviewOf({
      admin: { type, before: rule("admin", "a.example", "old.example"), after: rule("admin", "a.example") },
      api: { type, before: rule("api", "b.example"), after: rule("api", "b.example", "old.example") },
    }),
  );
  expect(lines[0]).toBe("traffic requests of old.example go from admin to api");
});

test("a TLS policy is weaker or stricter by the oldest TLS that it takes", () => {
  const listener = (before: string, after: string) =>
    linesOf(reviewOf({ x: { type: "aws:lb/listener:Listener", before: { sslPolicy: before }, after: { sslPolicy: after } } }))[0];
  const [old, new12, new13] = ["ELBSecurityPolicy-2016-08", "ELBSecurityPolicy-TLS13-1-2-2021-06", "ELBSecurityPolicy-TLS13-1-3-2021-06"];
  expect(listener(new12, old)).toBe(`exposure TLS policy of x ${new12} → ${old} (weaker: TLS 1.0 is taken)`);
  expect(listener(new12, new13)).toMatch(/^traffic .*stricter: clients that speak less than TLS 1.3 are refused/);
  expect(listener(new12, "ELBSecurityPolicy-TLS13-1-2-Res-2021-06")).toMatch(/^exposure .*other ciphers, from TLS 1.2 on as before/);
});

test("an SLO's objective is told once, and not as the thresholds that follow from it", () => {
  const of = (percent: number, threshold: number) => ({
    alarmDescription: `availability spends its error budget too fast (SLO ${percent} %).`,
    comparisonOperator: "GreaterThanThreshold",
    threshold,
  });
  const step = { type: alarm, before: of(99.9, 1.44), after: of(90, 144) };
  expect(linesOf(reviewOf({ a: step, b: step }))).toEqual(["guard SLO availability 99.9 % → 90 % (its alarms fire later)"]);
});
