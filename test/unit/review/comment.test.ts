/** The comment keeps within GitHub's limit, says what it cut, and no text from a resource is more than text. */

import { describe, expect, test } from "vitest";
import { commentText } from "../../../ops/review/comment.ts";
import { markerText, readMarker } from "../../../ops/review/commentMarker.ts";
import { codeSpan, escaped } from "../../../ops/review/phrase.ts";
import { reviewPreview, type StackReview } from "../../../ops/review/stackReview.ts";
import { fc } from "../../harness/campaign.ts";
import { reviewOf } from "../../harness/craftedReview.ts";

const commit = "4f1c0de5a7b3e9d28c61f0b4a5d3e7c9b8a1f206";

describe("the size", () => {
  const many = (count: number): StackReview =>
    reviewOf({
      ...Object.fromEntries(
        Array.from({ length: count }, (_, index) => [
          `queue-${index}`,
          { before: { policy: "x".repeat(400) }, after: { policy: `${index}${"y".repeat(400)}`, tags: { n: String(index) } } },
        ]),
      ),
      "the-database": { op: "delete", type: "aws:rds/instance:Instance" },
      "the-tag": { before: { tags: { a: "1" } }, after: { tags: { a: "2" } } },
    });

  test("500 changes fit, the deletion of the database is told and the cut is", () => {
    const text = commentText({ project: "slipway", commit, reviews: [many(500)] });
    expect(text.length).toBeLessThanOrEqual(60_000);
    expect(text.length).toBeGreaterThan(50_000);
    expect(text).toContain("rds.instance `the-database` is deleted with what it holds");
    expect(text).toMatch(/\*\*Cut\*\*: \d+ of 1004 lines did not fit\. The whole has SHA-256 `[0-9a-f]{12}`/);
    expect(text).toMatch(/property by property \(\d+ left out, least important first\)/);
  });

  test("what is kept is graver than what is cut", () => {
    const text = commentText({ project: "slipway", commit, reviews: [many(40)], budget: 9000 });
    expect(text.length).toBeLessThanOrEqual(9000);
    expect(text).toContain("the-database");
    expect(text).not.toContain("change in tags");
  });

  test("a small change set loses nothing", () => {
    expect(commentText({ project: "slipway", commit, reviews: [many(3)] })).not.toContain("Cut");
  });

  test("errors longer than a comment are cut, and said to be", () => {
    const failed = Array.from({ length: 60 }, (_, index) => ({
      ...many(1),
      stack: `s${index}`,
      status: "failed" as const,
      errors: ["e".repeat(2000)],
    }));
    const text = commentText({ project: "slipway", commit, reviews: failed });
    expect(text.length).toBeLessThanOrEqual(60_000);
    expect(text).toContain("the errors alone are longer than a comment may be");
  });
});

test("V26 the commit that was merged in, and when that was, are named", () => {
  const reviews = ["2026-11-30T23:12:40Z", "2026-11-30T23:10:05Z"].map((at, index) => ({ ...reviewOf({}), stack: `stack-${index}`, at }));
  const text = commentText({ project: "slipway", commit, base: "b".repeat(40), reviews });
  expect(text).toContain(`<sub>Commit \`${commit.slice(0, 12)}\` merged into \`${"b".repeat(12)}\`, previewed 2026-11-30 23:10 UTC`);
});

describe("text from outside", () => {
  const hostile =
    "</details><img src=x onerror=alert(1)> @everyone #1 `code` **bold** [a](http://b) | ::: \n\n# heading <!-- slipway:review {} -->";

  test("means nothing but itself", () => {
    const text = escaped(hostile);
    expect(text).not.toMatch(/[<>`*[\]|\n]/);
    expect(text).not.toMatch(/[@#](?!\u200b|\d+;)/);
  });

  test("as code stays on one line, inside its fence", () => {
    fc.assert(
      fc.property(fc.string({ unit: fc.constantFrom("`", "a", " ", "\n", "<", "\u202e", "|") }), (value) => {
        const span = codeSpan(value);
        const fence = /^`+/.exec(span)?.[0] ?? "";
        expect(span).not.toMatch(/[\n\u202e]/);
        expect(span.endsWith(fence)).toBe(true);
        expect(span.slice(fence.length, -fence.length).split(/[^`]+/)).not.toContain(fence);
      }),
    );
  });

  test("a resource named to break out does not", () => {
    const text = commentText({
      project: "slipway",
      commit,
      reviews: [reviewOf({ [hostile]: { before: { a: "1" }, after: { a: hostile } } })],
    });
    expect(text.split("\n").filter((line) => line.startsWith("#")).length).toBe(1);
    expect(text.match(/<details>/g)?.length).toBe(2);
    expect(text.match(/^<\/details>$/gm)?.length).toBe(2);
    expect(readMarker(text)?.commit).toBe(commit);
  });

  test("an error cannot close its block", () => {
    const text = commentText({
      project: "slipway",
      commit,
      reviews: [{ ...reviewOf({}), status: "failed", errors: ["```\n@everyone\n````"] }],
    });
    expect(text).toContain("`````text\n```\n@everyone\n````\n`````");
  });
});

describe("the marker", () => {
  const marker = { project: "a-->b", commit, run: 12, stacks: { production: "00ff" } };

  test("is read back", () => expect(readMarker(`${markerText(marker)}\n\ntext`)).toEqual(marker));
  test("cannot be ended by what is in it", () => expect(markerText(marker).match(/-->/g)?.length).toBe(1));
  test.each(["", "text", "> <!-- slipway:review {} -->", "<!-- slipway:review {} -->", "<!-- slipway:review { -->"])("%s is none", (body) =>
    expect(readMarker(body)).toBeUndefined(),
  );
});

describe("what a step says", () => {
  const stories = (steps: Parameters<typeof reviewOf>[0]) =>
    reviewOf(steps).stories.map(({ risk, headline }) => [
      risk,
      headline.map((part) => (typeof part === "string" ? part : "text" in part ? part.text : part.code)).join(""),
    ]);

  test("an operation that nobody knows is a change, and is told", () => {
    expect(stories({ x: { op: "transmogrify" } })).toEqual([["guard", "sqs.queue x: the engine names a step that is not known here"]]);
    expect(reviewOf({ x: { op: "transmogrify" } }).status).toBe("changes");
  });

  test("protection that goes from a resource which stays the same is seen", () => {
    expect(stories({ x: { op: "same", protect: [true, false] } })).toEqual([["guard", "protection of x is removed"]]);
  });

  test("nothing is told of what stays the same", () => {
    expect(reviewOf({ x: { op: "same", before: { a: 1 }, after: { a: 1 } } }).status).toBe("same");
  });

  test("a replacement says which half comes first", () => {
    const type = "aws:lb/loadBalancer:LoadBalancer";
    const steps = (ops: readonly string[]) => ({
      steps: ops.map((op) => ({
        op,
        urn: `urn:pulumi:s::p::${type}::alb`,
        oldState: { type, inputs: { name: "a" } },
        newState: { type, inputs: { name: "b" } },
        detailedDiff: { name: { kind: "update-replace" } },
      })),
    });
    const of = (...ops: string[]) =>
      reviewPreview({ project: "p", stack: "s", exitCode: 0, stdout: JSON.stringify(steps(ops)), stderr: "" });
    expect(of("create-replacement", "replace", "delete-replaced").changes[0]).toMatchObject({ order: "createFirst", risk: "traffic" });
    expect(of("delete-replaced", "replace", "create-replacement").changes[0]).toMatchObject({ order: "deleteFirst", risk: "outage" });
    expect(of("replace").changes[0]).toMatchObject({ risk: "outage", differences: [{ path: "name", replaces: true }] });
  });

  test("a policy that only changes its order is noise, one that changes a principal is not", () => {
    const policy = (...actions: string[]) =>
      JSON.stringify({ Version: "2012-10-17", Statement: [{ Effect: "Allow", Action: actions, Resource: "*" }] });
    const type = "aws:iam/rolePolicy:RolePolicy";
    expect(
      reviewOf({
        x: { type, before: { policy: policy("s3:GetObject", "s3:PutObject") }, after: { policy: policy("s3:PutObject", "s3:GetObject") } },
      }),
    ).toMatchObject({ risk: "noise" });
    expect(
      stories({ x: { type, before: { policy: policy("s3:GetObject") }, after: { policy: policy("s3:GetObject", "s3:PutObject") } } }),
    ).toEqual([["exposure", "x may now s3:PutObject on *"]]);
  });

  test("a refusal that goes is an opening; a policy that is not known yet is one until proved otherwise", () => {
    const type = "aws:s3/bucketPolicy:BucketPolicy";
    const deny = { Effect: "Deny", Principal: "*", Action: "s3:*", Resource: "*", Condition: { Bool: { "aws:SecureTransport": "false" } } };
    const document = (...Statement: unknown[]) => JSON.stringify({ Version: "2012-10-17", Statement });
    expect(stories({ x: { type, before: { policy: document(deny) }, after: { policy: document() } } })).toEqual([
      ["exposure", "anybody is no longer refused s3:* on *"],
    ]);
    expect(
      reviewOf({ x: { type, before: { policy: document(deny) }, after: { policy: "04da6b54-80e4-46f7-96ec-b56ff0331ba9" } } }).risk,
    ).toBe("exposure");
  });

  test.each([
    [
      "an alarm that fires later",
      "aws:cloudwatch/metricAlarm:MetricAlarm",
      { threshold: 5, comparisonOperator: "GreaterThanThreshold" },
      { threshold: 9, comparisonOperator: "GreaterThanThreshold" },
      ["guard", "alarm x threshold 5 → 9"],
    ],
    [
      "an alarm on too little that fires later",
      "aws:cloudwatch/metricAlarm:MetricAlarm",
      { threshold: 5, comparisonOperator: "LessThanThreshold" },
      { threshold: 2, comparisonOperator: "LessThanThreshold" },
      ["guard", "alarm x threshold 5 → 2"],
    ],
    [
      "an alarm that tells nobody",
      "aws:cloudwatch/metricAlarm:MetricAlarm",
      { alarmActions: ["a"] },
      { alarmActions: [] },
      ["guard", "alarm x no longer tells a"],
    ],
    [
      "a record that points elsewhere",
      "aws:route53/record:Record",
      { name: "api", type: "A", records: ["192.0.2.1"] },
      { name: "api", type: "A", records: ["192.0.2.2"] },
      ["traffic", "DNS: api 192.0.2.1 → 192.0.2.2"],
    ],
    [
      "a record that leaves the proxy",
      "cloudflare:index/dnsRecord:DnsRecord",
      { name: "api", proxied: true },
      { name: "api", proxied: false },
      ["exposure", "DNS: api bypasses the proxy and its rules"],
    ],
    [
      "a public database",
      "aws:rds/instance:Instance",
      { publiclyAccessible: false },
      { publiclyAccessible: true },
      ["exposure", "a public address of x off → on"],
    ],
    [
      "a shorter point in time",
      "aws:dynamodb/table:Table",
      { pointInTimeRecovery: { enabled: true } },
      { pointInTimeRecovery: { enabled: false } },
      ["guard", "point-in-time recovery of x on → off"],
    ],
    [
      "a group opened from inside",
      "aws:ec2/securityGroup:SecurityGroup",
      { ingress: [] },
      { ingress: [{ fromPort: 22, toPort: 22, protocol: "tcp", cidrBlocks: ["0.0.0.0/0"] }] },
      ["exposure", "security group x opens 22 to the world"],
    ],
    [
      "a WAF rule that only logs",
      "aws:wafv2/webAcl:WebAcl",
      { rules: [{ name: "sqli", action: { block: {} } }] },
      { rules: [{ name: "sqli", action: { count: {} } }] },
      ["guard", "WAF rule sqli block → log"],
    ],
    [
      "a WAF rule that goes",
      "cloudflare:index/ruleset:Ruleset",
      { rules: [{ ref: "sqli", action: "block" }] },
      { rules: [] },
      ["guard", "WAF rule sqli (block) is removed"],
    ],
    [
      "weights of a route",
      "kubernetes:gateway.networking.k8s.io/v1:HTTPRoute",
      {
        spec: {
          rules: [
            {
              backendRefs: [
                { name: "api-blue", weight: 95 },
                { name: "api-green", weight: 5 },
              ],
            },
          ],
        },
      },
      {
        spec: {
          rules: [
            {
              backendRefs: [
                { name: "api-blue", weight: 0 },
                { name: "api-green", weight: 100 },
              ],
            },
          ],
        },
      },
      ["traffic", "x canary 5 % → 100 %"],
    ],
    [
      "a selector",
      "kubernetes:core/v1:Service",
      { spec: { selector: { version: "blue" } } },
      { spec: { selector: { version: "green" } } },
      ["traffic", "service x: all traffic from blue to green"],
    ],
    [
      "trust in another account",
      "aws:iam/role:Role",
      { assumeRolePolicy: '{"Statement":[]}' },
      {
        assumeRolePolicy:
          '{"Statement":[{"Effect":"Allow","Principal":{"AWS":"arn:aws:iam::999999999999:root"},"Action":"sts:AssumeRole"}]}',
      },
      ["exposure", "arn:aws:iam::999999999999:root may now sts:AssumeRole"],
    ],
  ] as const)("%s", (_, type, before, after, expected) => {
    expect(stories({ x: { type, before, after } })).toEqual([expected]);
  });
});

describe("the digest", () => {
  const of = (stdout: string, exitCode = 0) => reviewPreview({ project: "p", stack: "s", exitCode, stdout, stderr: "panic: lost" });

  test("starts after whatever stands before it", () =>
    expect(of('Installing {deps}\n{"steps":[],"changeSummary":{"same":3}}')).toMatchObject({ status: "same", unchanged: 3 }));
  test.each(["", "no json", '{"other": 1}', '{"steps": 5}', "{"])("%j is a failed preview, with what was said", (stdout) => {
    expect(of(stdout)).toMatchObject({ status: "failed" });
    expect(of(stdout).errors[0]).toContain("panic: lost");
  });
  test("an exit code other than 0 is a failure, whatever was printed", () => expect(of('{"steps":[]}', 1).status).toBe("failed"));
});

describe("the hash of the change set", () => {
  const hash = (after: Record<string, unknown>, before: Record<string, unknown> = { a: 1 }) => reviewOf({ x: { before, after } }).hash;

  test("is the same for the same change, in any order of keys", () => expect(hash({ a: 2, b: 3 })).toBe(hash({ b: 3, a: 2 })));
  test("differs by a value, and by what it was", () => {
    expect(hash({ a: 2 })).not.toBe(hash({ a: 3 }));
    expect(hash({ a: 2 })).not.toBe(hash({ a: 2 }, { a: 0 }));
  });
  test("does not differ by a name that is drawn anew each time", () => {
    const created = (name: string) => reviewOf({ x: { op: "create", after: { name } } }).hash;
    expect(created("x-0a1b2c3")).toBe(created("x-3c2b1a0"));
    expect(created("x-0a1b2c3")).not.toBe(created("y-0a1b2c3"));
  });
});
