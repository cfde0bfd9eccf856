/** One hash for every preview of one change, whatever names the provider draws at each; another hash for another change. */

import { expect, test } from "vitest";
import { readDigest } from "../../../ops/review/digest.ts";
import { reviewPreview } from "../../../ops/review/stackReview.ts";
import { fc } from "../../harness/campaign.ts";
import { configOf } from "../../harness/config.ts";
import { planned, previewed } from "../../harness/plannedStack.ts";

function hashOf(stdout: string): string {
  expect(readDigest(stdout)).toBeDefined();
  return reviewPreview({ project: "slipway", stack: "staging", exitCode: 0, stdout, stderr: "" }).hash;
}

const { web } = configOf("staging").services;
const admin = {
  repository: "coinestate-staging-web",
  port: 3000,
  cpu: 256,
  memory: 512,
  route: { priority: 300, hosts: ["admin.staging.coinestate.io"] },
  healthCheck: { path: "/health" },
  scaling: { minimum: 1, maximum: 2 },
  release: { live: "blue", blue: { image: web?.release.blue.image }, green: { capacity: "zero" } },
};
const reads = { "services.web.connects": { buckets: { reports: "read" } } };

test("a new service, and a new bucket that another reads, have one hash at every preview", async () => {
  const edits = { "services.admin": admin, "buckets.reports": { purpose: "private", recoveryClass: "medium" }, ...reads };
  const before = await planned(configOf("staging"), "update before");
  const [first, second] = [
    await planned(configOf("staging", edits), "first", before),
    await planned(configOf("staging", edits), "second", before),
  ];
  const digests = [previewed(before, first), previewed(before, second)];
  expect(digests[0]).not.toBe(digests[1]);
  expect(hashOf(digests[0]!)).toBe(hashOf(digests[1]!));
});

/** A service `admin` beside an alarm of it and a parameter group that is replaced, with names that end in what was drawn. */
function small({ drawn, path = "/health", priority = 300, listed = "use1-other-1a2b3c4" }: Drawn): string {
  const urn = (type: string, name: string) => `urn:pulumi:staging::slipway::${type}::${name}`;
  const create = (type: string, name: string, inputs: object) => ({
    op: "create",
    urn: urn(type, name),
    newState: { type, custom: true, inputs },
  });
  const [role, logs, group] = [`use1-admin-execution-${drawn[0]}`, `use1-admin-${drawn[1]}`, `use1-db-main-17-${drawn[2]}`];
  return JSON.stringify({
    steps: [
      create("aws:iam/role:Role", "use1-admin-execution", { name: role }),
      create("aws:iam/rolePolicy:RolePolicy", "use1-admin-execution-logs", {
        role,
        policy: JSON.stringify({ Resource: [`arn:aws:logs:us-east-1:123456789012:log-group:${logs}:*`] }),
      }),
      create("aws:cloudwatch/logGroup:LogGroup", "use1-Admin", { name: logs }),
      create("aws:lb/listenerRule:ListenerRule", "use1-admin", { priority, path }),
      {
        op: "update",
        urn: urn("aws:cloudwatch/dashboard:Dashboard", "use1"),
        oldState: { type: "aws:cloudwatch/dashboard:Dashboard", custom: true, inputs: { body: { groups: [listed], queries: {} } } },
        newState: {
          type: "aws:cloudwatch/dashboard:Dashboard",
          custom: true,
          inputs: { body: { groups: [listed, logs], queries: { [logs]: `SOURCE '${logs}' | fields @message` } } },
        },
      },
      ...["create-replacement", "replace"].map((op) => ({
        op,
        urn: urn("aws:rds/parameterGroup:ParameterGroup", "use1-db-main-17"),
        oldState: { type: "aws:rds/parameterGroup:ParameterGroup", custom: true, inputs: { name: "use1-db-main-17-0000000" } },
        newState: { type: "aws:rds/parameterGroup:ParameterGroup", custom: true, inputs: { name: group } },
      })),
      {
        op: "update",
        urn: urn("aws:rds/instance:Instance", "use1-db-main-replica"),
        oldState: { type: "aws:rds/instance:Instance", custom: true, inputs: { parameterGroupName: "use1-db-main-17-0000000" } },
        newState: { type: "aws:rds/instance:Instance", custom: true, inputs: { parameterGroupName: group } },
      },
    ],
  });
}

interface Drawn {
  /** What is drawn for the role, the log group and the parameter group. */
  readonly drawn: readonly [string, string, string];
  readonly path?: string;
  readonly priority?: number;
  /** A name that the state has. */
  readonly listed?: string;
}

const hex = fc.stringMatching(/^[0-9a-f]{7}$/).filter((text) => text !== "0000000");
const threeNames = fc.tuple(hex, hex, hex);

test("names that are drawn do not count, wherever they stand", () => {
  fc.assert(fc.property(threeNames, threeNames, (one, other) => hashOf(small({ drawn: one })) === hashOf(small({ drawn: other }))));
});

test("everything else counts, also a name that the state has", () => {
  const drawn = ["1111111", "2222222", "3333333"] as const;
  const changes = [{}, { path: "/" }, { priority: 301 }, { listed: "use1-other-4c3b2a1" }];
  expect(new Set(changes.map((change) => hashOf(small({ drawn, ...change })))).size).toBe(changes.length);
});

test("V2 the engine's order of steps does not count, where two new resources of one name name the same", () => {
  const role = "use1-backup-1a2b3c4";
  const steps = [
    ["aws:iam/role:Role", { name: role }],
    ["aws:backup/selection:Selection", { name: "use1-backup", iamRoleArn: role }],
  ].map(([type, inputs]) => ({
    op: "create",
    urn: `urn:pulumi:staging::slipway::${type}::use1-backup`,
    newState: { type, custom: true, inputs },
  }));
  expect(hashOf(JSON.stringify({ steps: steps.toReversed() }))).toBe(hashOf(JSON.stringify({ steps })));
});

test("which of two new resources is meant counts", () => {
  const target = (of: 0 | 1) =>
    JSON.stringify({
      steps: ["a", "b", "rule"].map((name, index) => ({
        op: "create",
        urn: `urn:pulumi:staging::slipway::aws:lb/targetGroup:TargetGroup::use1-${name}`,
        newState: {
          custom: true,
          inputs: index < 2 ? { name: `use1-${name}-000000${index}` } : { target: `use1-${"ab"[of]}-000000${of}` },
        },
      })),
    });
  expect(hashOf(target(0))).not.toBe(hashOf(target(1)));
});

/** One resource that goes from one side to the other. */
function updated(type: string, before: object, after: object, state: readonly string[] = []): string {
  const urn = `urn:pulumi:staging::slipway::${type}::use1-one`;
  const side = (inputs: object) => ({ type, custom: true, inputs });
  const stdout = JSON.stringify({ steps: [{ op: "update", urn, oldState: side(before), newState: side(after) }] });
  return reviewPreview({ project: "slipway", stack: "staging", exitCode: 0, stdout, stderr: "", maskKey: state.join() }).hash;
}

const ruleset = "cloudflare:index/ruleset:Ruleset";
const task = "aws:ecs/taskDefinition:TaskDefinition";
const rules = (...names: readonly string[]) => ({ rules: names.map((ref) => ({ ref })) });
const shell = (script: string) => ({
  containerDefinitions: JSON.stringify([{ name: "api", command: ["sh", "-c", ...script.split(" ")] }]),
});
const database = (password: string) => ({
  containerDefinitions: JSON.stringify([{ name: "api", command: [`--to=postgres://u:${password}@db`] }]),
});

test.each<[string, string, object, readonly [object, object]]>([
  ["order of firewall rules", ruleset, rules("a", "b", "c"), [rules("b", "a", "c"), rules("c", "b", "a")]],
  ["order of a command's words", task, shell("true"), [shell("rm -r cache && serve"), shell("serve && rm -r cache")]],
  ["credential that is told by its look", task, database("first"), [database("aaaaaa"), database("bbbbbb")]],
])("V13 the hash of a change set sees another %s", (_, type, before, [one, other]) => {
  expect(updated(type, before, one, ["sealed"])).not.toBe(updated(type, before, other, ["sealed"]));
});

test("order that a service does not keep is no other change set, nor is a credential for whom there is no key", () => {
  const subnets = (...ids: readonly string[]) => ({ networkConfiguration: { subnets: ids } });
  const service = (...ids: readonly string[]) => updated("aws:ecs/service:Service", subnets("a"), subnets(...ids));
  expect(service("a", "b")).toBe(service("b", "a"));
  expect(updated(task, database("first"), database("aaaaaa"))).toBe(updated(task, database("first"), database("bbbbbb")));
});
