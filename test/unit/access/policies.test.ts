/** Lint of every policy that the pipeline's roles have: what may hold a star, how long it is, who may take the role. */
import { describe, expect, test } from "vitest";
import { regionalChanges } from "../../../components/access/applyChanges.ts";
import { applyStatements } from "../../../components/access/applyPolicy.ts";
import { boundaryStatements } from "../../../components/access/boundary.ts";
import { pipelineAccess } from "../../../components/access/contract.ts";
import { driftStatements } from "../../../components/access/driftPolicy.ts";
import { subjectOf, trustPolicy } from "../../../components/access/githubTrust.ts";
import { sessionSeconds } from "../../../components/access/pipelineAccess.ts";
import {
  managedPolicyLimit,
  type PolicyStatement,
  packed,
  policiesPerRole,
  policyText,
  type Statement,
  trustPolicyLimit,
} from "../../../components/access/policyDocument.ts";
import { contentReads, planStatements, previewStatements, readActions } from "../../../components/access/previewPolicy.ts";
import { type PipelineScope, pipelineRoles } from "../../../components/access/scope.ts";
import { contractProblems } from "../../../components/contract/accepted.ts";
import { configOf } from "../../harness/config.ts";
import { declaredGraph } from "../../harness/declaredGraph.ts";
import { allows, type Context } from "../../harness/iam.ts";
import { oneOfEach } from "../../harness/platform.ts";

const scope: PipelineScope = {
  accountId: "123456789012",
  system: "coinestate",
  environment: "prod",
  regions: ["us-east-1", "eu-west-1", "ap-southeast-1"],
  parameters: ["/coinestate/prod/failover/read-only"],
  hostedZoneId: "Z0123456789ABCDEFGHIJ",
  state: { bucket: "coinestate-state", keyArn: "arn:aws:kms:us-east-1:123456789012:key/11111111-2222-3333-4444-555555555555" },
};
const boundaryArn = "arn:aws:iam::123456789012:policy/coinestate-prod-pipeline-boundary";
const preview = previewStatements(scope, false);
const drift = driftStatements(scope);
const apply = applyStatements(scope, boundaryArn, "coinestate-prod-pipeline");
const boundary = boundaryStatements(scope);

/** Statements that may name every resource, each because AWS has none for its actions. */
const everyResource = new Set(["DelegateZone", "MakeKeys", "ReadSetup", "WithoutResource"]);

/** Services whose actions are named one by one: a verb with a star could reach identities or values. */
const namedOneByOne = /^(?:iam|kms|secretsmanager|ssm|sts|organizations|account):/;

/** What is wrong with allowed statements, in words. */
function lint(statements: readonly PolicyStatement[], whole: RegExp): string[] {
  return statements
    .filter((one): one is Statement => one.Effect === "Allow")
    .flatMap(({ Sid, Action, Resource }) => [
      ...(Resource.includes("*") && !everyResource.has(Sid) ? [`${Sid} names every resource`] : []),
      ...Action.flatMap((action) => {
        const [service = "", verb = ""] = action.split(":");
        if (action === "*" || service.includes("*")) return [`${Sid} allows everything`];
        if (verb === "*") return whole.test(service) ? [] : [`${Sid} allows all of ${service}`];
        if (!verb.includes("*")) return [];
        if (!/^[A-Z][A-Za-z]{2,}\*$/.test(verb)) return [`${Sid}: ${action} has a star before the verb's end`];
        return namedOneByOne.test(action) && !/^iam:(?:Get|List)[A-Z]\w+\*$|^kms:(?:GenerateDataKey|ReEncrypt)\*$/.test(action)
          ? [`${Sid}: ${action} is not named in full`]
          : [];
      }),
    ]);
}

describe("no policy allows more than it names", () => {
  test.each([
    ["preview", preview, /^$/],
    ["drift", drift, /^$/],
    ["apply", apply, /^$/],
    // The boundary grants nothing: it is the most that a role's own policy can grant.
    ["boundary", boundary, /^(?:backup|cloudwatch|dynamodb|s3|sqs)$/],
  ] as const)("%s", (_, statements, whole) => expect(lint(statements, whole)).toEqual([]));

  test("the lint sees what it is for", () => {
    const bad: Statement[] = [
      { Sid: "A", Effect: "Allow", Action: ["*"], Resource: ["arn:aws:s3:::a"] },
      { Sid: "B", Effect: "Allow", Action: ["ec2:*"], Resource: ["arn:aws:s3:::a"] },
      { Sid: "C", Effect: "Allow", Action: ["ec2:DescribeVpcs"], Resource: ["*"] },
      { Sid: "D", Effect: "Allow", Action: ["iam:Create*"], Resource: ["arn:aws:iam::1:role/a"] },
      { Sid: "E", Effect: "Allow", Action: ["secretsmanager:Get*"], Resource: ["arn:aws:s3:::a"] },
    ];
    expect(lint(bad, /^$/)).toHaveLength(bad.length);
  });
});

/** A stack that is everywhere and has long names. */
const widest: PipelineScope = {
  ...scope,
  system: "a".repeat(20),
  environment: "b".repeat(20),
  regions: ["ap-southeast-1", "ap-southeast-2", "ap-northeast-1", "eu-central-1", "eu-west-1", "us-east-1", "us-east-2", "us-west-2"],
};

describe("sizes are within AWS's limits", () => {
  test.each([
    ["preview", preview],
    ["drift", drift],
    ["apply", apply],
    ["boundary", boundary],
    ["apply", applyStatements({ ...widest, delegatedDomain: "failover.example.com" }, boundaryArn, "coinestate-prod-pipeline")],
    ["boundary", boundaryStatements(widest)],
  ] as const)("%s", (name, statements) => {
    const policies = packed(statements);
    for (const policy of policies) expect(policyText(policy).length).toBeLessThanOrEqual(managedPolicyLimit);
    expect(policies.flat()).toEqual(statements);
    expect(policies.length).toBeLessThanOrEqual(name === "boundary" ? 1 : policiesPerRole);
  });

  test("statement ids are letters and digits, each once in a policy", () => {
    for (const statements of [preview, planStatements(scope), drift, apply, boundary]) {
      const ids = statements.map(({ Sid }) => Sid);
      expect(new Set(ids).size).toBe(ids.length);
      for (const id of ids) expect(id).toMatch(/^[A-Za-z0-9]+$/);
    }
  });

  test("a statement too long for any policy is refused", () => {
    const Resource = Array.from({ length: 200 }, (_, index) => `arn:aws:s3:::some-bucket-with-a-long-name-${index}`);
    expect(() => packed([{ Sid: "Long", Effect: "Allow", Action: ["s3:GetObject"], Resource }])).toThrow("Long is too long");
  });
});

describe("a preview reads no content", () => {
  // Latches are no content: test/unit/access/reads.test.ts holds that nothing else is read by their action.
  const allowed = preview.filter(({ Effect, Sid }) => Effect === "Allow" && Sid !== "ReadLatches").flatMap(({ Action }) => Action);

  test("nothing that returns content is allowed, with a star or without", () => {
    const covers = (pattern: string, action: string) =>
      pattern.endsWith("*") ? action.startsWith(pattern.slice(0, -1)) : action === pattern;
    for (const content of [...contentReads, "kms:Decrypt"])
      expect(
        allowed.filter((pattern) => covers(pattern, content)),
        content,
      ).toEqual([]);
  });

  test("it changes nothing", () => {
    for (const action of allowed) expect(action).toMatch(/:(?:BatchGet|Describe|Get|List|View)/);
  });

  test("secrets in the state are readable only where config says so", () => {
    expect(previewStatements(scope, true).some(({ Action }) => Action.includes("kms:Decrypt"))).toBe(true);
  });
});

describe("an update", () => {
  const own = "arn:aws:iam::123456789012:role/coinestate/prod/coinestate-prod-use1-api-task-1a2b3c4";
  const tags = (of: string, system: string, environment: string) => ({
    [`aws:${of}/System`]: system,
    [`aws:${of}/Environment`]: environment,
  });
  const mine = tags("ResourceTag", "coinestate", "prod");
  const may = (action: string, resource: string, context: Context = {}) =>
    allows(apply, { action, resource, context: { "aws:RequestedRegion": "us-east-1", ...context } });
  const bounded = { "iam:PermissionsBoundary": boundaryArn };

  /** Every change of a role, with whatever would help it. */
  const roleChanges = [
    "AttachRolePolicy",
    "CreateRole",
    "DeleteRole",
    "DeleteRolePermissionsBoundary",
    "DeleteRolePolicy",
    "DetachRolePolicy",
    "PassRole",
    "PutRolePermissionsBoundary",
    "PutRolePolicy",
    "TagRole",
    "UntagRole",
    "UpdateAssumeRolePolicy",
    "UpdateRole",
    "UpdateRoleDescription",
  ];

  test.each([
    "role/admin",
    "role/coinestate-prod-use1-api-task-1a2b3c4",
    "role/coinestate/staging/coinestate-prod-use1-api-task-1a2b3c4",
    "role/coinestate/prod-eu/coinestate-prod-use1-api-task-1a2b3c4",
    "role/aws-reserved/sso.amazonaws.com/AWSReservedSSO_Admin_1",
    "role/coinestate-prod-pipeline-apply",
    "role/coinestate-staging-pipeline-apply",
    "role/clearhold-prod-pipeline-plan",
    "role/coinestate/prod/coinestate-prod-pipeline-apply",
    "role/coinestate/prod/coinestate-prod-pipeline-drift",
  ])("changes nothing of %s", (name) => {
    const helpful = { ...bounded, ...mine, ...tags("RequestTag", "coinestate", "prod"), "iam:PassedToService": "lambda.amazonaws.com" };
    const allowed = roleChanges.filter((action) => may(`iam:${action}`, `arn:aws:iam::123456789012:${name}`, helpful));
    expect(allowed).toEqual([]);
  });

  test.each([
    ["identities", "user/admin", ["AttachUserPolicy", "CreateAccessKey", "CreateLoginProfile", "CreateUser", "PutUserPolicy"]],
    ["policies", "policy/admin", ["CreatePolicy", "CreatePolicyVersion", "DeletePolicy", "SetDefaultPolicyVersion"]],
    ["its boundary", "policy/coinestate-prod-pipeline-boundary", ["CreatePolicyVersion", "DeletePolicy", "SetDefaultPolicyVersion"]],
    ["providers", "oidc-provider/evil.example", ["CreateOpenIDConnectProvider", "UpdateOpenIDConnectProviderThumbprint"]],
  ])("makes and changes no %s", (_, name, actions) => {
    expect(actions.filter((action) => may(`iam:${action}`, `arn:aws:iam::123456789012:${name}`, bounded))).toEqual([]);
  });

  test("A29 the deny alone keeps every pipeline role, its policies and GitHub's identity from every change", () => {
    const everything: Statement = { Sid: "More", Effect: "Allow", Action: ["iam:*"], Resource: ["*"] };
    const changes = [
      ...pipelineRoles.flatMap((role) => [
        ...roleChanges.map((action) => [action, `role/other-prod-pipeline-${role}`] as const),
        ...["CreatePolicyVersion", "DeletePolicy", "DeletePolicyVersion", "SetDefaultPolicyVersion", "TagPolicy"].map(
          (action) => [action, `policy/other-prod-pipeline-${role}-part1`] as const,
        ),
      ]),
      ...["AddClientIDToOpenIDConnectProvider", "DeleteOpenIDConnectProvider", "RemoveClientIDFromOpenIDConnectProvider"].map(
        (action) => [action, "oidc-provider/token.actions.githubusercontent.com"] as const,
      ),
    ];
    const allowed = changes.filter(([action, name]) =>
      allows([...apply, everything], { action: `iam:${action}`, resource: `arn:aws:iam::123456789012:${name}`, context: bounded }),
    );
    expect(allowed).toEqual([]);
  });

  test("makes roles only inside the boundary", () => {
    for (const action of ["iam:CreateRole", "iam:PutRolePolicy", "iam:AttachRolePolicy"]) {
      expect(may(action, own, bounded), action).toBe(true);
      expect(may(action, own), action).toBe(false);
      expect(may(action, own, { "iam:PermissionsBoundary": "arn:aws:iam::aws:policy/AdministratorAccess" }), action).toBe(false);
    }
    expect(may("iam:UpdateAssumeRolePolicy", own)).toBe(true);
    for (const action of ["iam:DeleteRolePermissionsBoundary", "iam:PutRolePermissionsBoundary"])
      expect(may(action, own, bounded), action).toBe(false);
  });

  test("hands roles to named services only", () => {
    for (const service of ["ecs-tasks", "lambda", "scheduler", "chatbot"])
      expect(may("iam:PassRole", own, { "iam:PassedToService": `${service}.amazonaws.com` }), service).toBe(true);
    for (const service of ["ec2", "cloudformation", "glue"])
      expect(may("iam:PassRole", own, { "iam:PassedToService": `${service}.amazonaws.com` }), service).toBe(false);
  });

  test("reads and writes secrets that the program drew, of its own stack, and none that people set", () => {
    const secret = (name: string) => `arn:aws:secretsmanager:us-east-1:123456789012:secret:${name}-AbCdEf`;
    for (const action of ["secretsmanager:GetSecretValue", "secretsmanager:PutSecretValue"]) {
      expect(may(action, secret("coinestate-prod-use1-db-main-app-1a2b3c4"), mine), action).toBe(true);
      expect(may(action, secret("coinestate-prod-use1-db-main-app-1a2b3c4"), tags("ResourceTag", "coinestate", "staging")), action).toBe(
        false,
      );
      expect(may(action, secret("coinestate-prod-use1-db-main-app-1a2b3c4")), action).toBe(false);
      expect(may(action, secret("/coinestate/prod/jwt/secret"), mine), action).toBe(false);
      expect(may(action, secret("somebody-elses"), mine), action).toBe(false);
      expect(may(action, secret("coinestate-staging-use1-db-main-app-1a2b3c4"), mine), action).toBe(false);
    }
    const parameter = (name: string) => `arn:aws:ssm:us-east-1:123456789012:parameter${name}`;
    for (const action of ["ssm:GetParameter", "ssm:GetParameters", "ssm:GetParametersByPath", "ssm:PutParameter"]) {
      expect(may(action, parameter("/slipway/coinestate/prod/rollback/api")), action).toBe(true);
      expect(may(action, parameter("/slipway/coinestate/staging/rollback/api")), action).toBe(false);
      expect(may(action, parameter("/coinestate/prod/jwt/secret")), action).toBe(false);
    }
    expect(may("ssm:GetParametersByPath", parameter("/slipway/coinestate/prod/rollback"))).toBe(true);
  });

  test("uses its own keys through services, and deletes none", () => {
    const key = "arn:aws:kms:us-east-1:123456789012:key/11111111-0000-0000-0000-555555555555";
    const via = { "kms:ViaService": "rds.us-east-1.amazonaws.com" };
    expect(may("kms:Decrypt", key, { ...mine, ...via })).toBe(true);
    expect(may("kms:Decrypt", key, mine)).toBe(false);
    expect(may("kms:Decrypt", key, { ...tags("ResourceTag", "coinestate", "staging"), ...via })).toBe(false);
    expect(may("kms:CreateGrant", key, { ...mine, "kms:GrantIsForAWSResource": "true" })).toBe(true);
    expect(may("kms:CreateGrant", key, { ...mine, "kms:GrantIsForAWSResource": "false" })).toBe(false);
    expect(may("kms:PutKeyPolicy", key, tags("ResourceTag", "clearhold", "prod"))).toBe(false);
    const alias = (name: string) => may("kms:UpdateAlias", `arn:aws:kms:us-east-1:123456789012:alias/${name}`);
    expect([alias("coinestate-prod-use1-logs-key-1a2b3c4"), alias("coinestate-prod-secrets"), alias("clearhold-prod-secrets")]).toEqual([
      true,
      true,
      false,
    ]);
    for (const action of ["kms:ScheduleKeyDeletion", "kms:DisableKey"]) expect(may(action, key, { ...mine, ...via }), action).toBe(false);
  });

  test("makes nothing its own that carries another stack's tags", () => {
    const key = "arn:aws:kms:us-east-1:123456789012:key/11111111-0000-0000-0000-555555555555";
    const asked = tags("RequestTag", "coinestate", "prod");
    expect(may("kms:TagResource", key, asked)).toBe(true); // a new one has none
    expect(may("kms:TagResource", key, { ...asked, ...mine })).toBe(true);
    expect(may("kms:TagResource", key, { ...asked, ...tags("ResourceTag", "clearhold", "prod") })).toBe(false);
    expect(may("kms:TagResource", key, { ...asked, ...tags("ResourceTag", "coinestate", "staging") })).toBe(false);
    expect(may("kms:CreateKey", "*", asked)).toBe(true);
    expect(may("kms:CreateKey", "*")).toBe(false);
  });

  test("A26 changes nothing in its own account and regions that carries another stack's tags", () => {
    const theirs = [tags("ResourceTag", "coinestate", "staging"), tags("ResourceTag", "clearhold", "prod")];
    const calls = Object.entries({ ...regionalChanges, cloudfront: ["DeleteDistribution", "UpdateDistribution"] }).flatMap(
      ([service, verbs]) => {
        const [region, kind] = [
          service === "cloudfront" ? "" : "us-east-1",
          { "application-autoscaling": "scalable-target/", scheduler: "schedule/default/coinestate-prod-" }[service] ?? "",
        ];
        return verbs.map((verb) => [`${service}:${verb}`, `arn:aws:${service}:${region}:123456789012:${kind}a`] as const);
      },
    );
    expect(calls.length).toBeGreaterThan(150);
    expect(calls.filter(([action, arn]) => !may(action, arn, mine))).toEqual([]);
    const allowed = calls.filter(([action, arn]) => theirs.some((context) => may(action, arn, context))).map(([action]) => action);
    // `slipway up` keeps deployed images, in a registry that stacks may share.
    expect(allowed).toEqual(["ecr:BatchGetImage", "ecr:PutImage"]);
  });

  test("writes records of its own zone only", () => {
    const names = (...all: string[]) => ({ "route53:ChangeResourceRecordSetsNormalizedRecordNames": all });
    const write = (statements: readonly Statement[], zone: string, context: Context = {}) =>
      allows(statements, { action: "route53:ChangeResourceRecordSets", resource: `arn:aws:route53:::hostedzone/${zone}`, context });
    expect(write(apply, "Z0123456789ABCDEFGHIJ")).toBe(true);
    expect(write(apply, "Z0OTHER", names("coinestate.io"))).toBe(false);
    const delegated = applyStatements(
      { ...scope, hostedZoneId: undefined, delegatedDomain: "failover.coinestate.io" },
      boundaryArn,
      "coinestate-prod-pipeline",
    );
    expect(write(delegated, "Z0MADE", names("api.failover.coinestate.io", "failover.coinestate.io"))).toBe(true);
    expect(write(delegated, "Z0MADE", names("api.failover.coinestate.io", "clearhold.com"))).toBe(false);
    expect(write(delegated, "Z0MADE")).toBe(false);
  });

  test("finds its own buckets and reads no object", () => {
    const here = { "aws:ResourceAccount": "123456789012" };
    expect(may("s3:ListBucket", "arn:aws:s3:::coinestate-prod-use1-access-logs-1a2b3c4", here)).toBe(true);
    for (const action of ["s3:ListBucket", "s3:PutBucketPolicy", "s3:DeleteBucket"])
      for (const bucket of ["payroll", "coinestate-state", "coinestate-staging-use1-access-logs-1a2b3c4"])
        expect(may(action, `arn:aws:s3:::${bucket}`, here)).toBe(bucket === "coinestate-state" && action === "s3:ListBucket");
    expect(may("s3:GetObject", "arn:aws:s3:::coinestate-prod-use1-access-logs-1a2b3c4/a", here)).toBe(false);
  });

  test("changes the code of its own functions only", () => {
    const code = (name: string, context: Context = {}) =>
      may("lambda:UpdateFunctionCode", `arn:aws:lambda:us-east-1:123456789012:function:${name}`, context);
    expect(code("coinestate-prod-use1-api-rollback-1a2b3c4", mine)).toBe(true);
    expect(code("coinestate-prod-use1-api-rollback-1a2b3c4", tags("ResourceTag", "coinestate", "staging"))).toBe(false);
    expect(code("account-admin", mine)).toBe(false);
    expect(code("coinestate-staging-use1-api-rollback-1a2b3c4")).toBe(false);
  });

  test("stays in the stack's account and regions", () => {
    const global = new Set(["ChangeBuckets", "ChangeDelegatedRecords", "ChangeDelegatedZone", "ChangeHealthChecks", "ChangeRecords"]);
    const changes = apply.filter(({ Sid }) => /^Change[A-Z]/.test(Sid) && !global.has(Sid));
    expect(changes.length).toBeGreaterThan(20);
    for (const { Sid, Resource } of changes)
      for (const arn of Resource) expect(arn, Sid).toMatch(/^arn:aws:[a-z0-9-]+:(?:us-east-1|eu-west-1|ap-southeast-1)?:123456789012:/);
  });
});

describe("plan", () => {
  const planned = planStatements(scope);

  test("is the preview, what a refresh of rules reads, the state's secrets and its locks, and not one right more", () => {
    const others = planned.filter((one) => !preview.some((other) => JSON.stringify(one) === JSON.stringify(other)));
    expect(others.map(({ Sid }) => Sid)).toEqual(["ReadSetup", "NeverContent", "StateSecrets", "FreeLocks"]);
    const [read, refused, ...state] = others;
    const former = (sid: string | undefined) => preview.find(({ Sid }) => Sid === sid)?.Action ?? [];
    expect(read?.Action.filter((action) => !former("ReadSetup").includes(action))).toEqual(
      readActions().filter((action) => !former("ReadSetup").includes(action)),
    );
    expect(refused?.Action).toEqual(contentReads.filter((action) => action !== "ssm:GetParametersByPath"));
    expect(state).toEqual([
      { Sid: "StateSecrets", Effect: "Allow", Action: ["kms:Decrypt"], Resource: [scope.state?.keyArn] },
      { Sid: "FreeLocks", Effect: "Allow", Action: ["s3:DeleteObject"], Resource: [`arn:aws:s3:::${scope.state?.bucket}/.pulumi/locks/*`] },
    ]);
  });
});

describe("trust", () => {
  const repository = {
    repository: "coinestate/infrastructure",
    repositoryId: "123456789",
    workflow: "coinestate/infrastructure/.github/workflows/deploy.yml@refs/heads/main",
  };
  const claims = (document: Readonly<Record<string, unknown>>) =>
    (document.Statement as { Condition: Record<string, Record<string, string>> }[])[0]!.Condition;

  test.each([
    [{ kind: "pullRequest" }, "repo:coinestate/infrastructure:pull_request"],
    [{ kind: "environment", environment: "production" }, "repo:coinestate/infrastructure:environment:production"],
    [{ kind: "branch", branch: "main" }, "repo:coinestate/infrastructure:ref:refs/heads/main"],
  ] as const)("of %j is one subject", (subject, expected) => {
    expect(subjectOf(repository, subject)).toBe(expected);
    const document = trustPolicy("arn:aws:iam::123456789012:oidc-provider/token.actions.githubusercontent.com", repository, [
      { subject, workflow: repository.workflow },
    ]);
    expect(Object.keys(claims(document))).toEqual(["StringEquals"]);
    expect(claims(document).StringEquals).toMatchObject({
      "token.actions.githubusercontent.com:aud": "sts.amazonaws.com",
      "token.actions.githubusercontent.com:sub": expected,
      "token.actions.githubusercontent.com:repository_id": "123456789",
      "token.actions.githubusercontent.com:job_workflow_ref": repository.workflow,
    });
    expect(JSON.stringify(document)).not.toMatch(/StringLike|[*?]/);
    expect(JSON.stringify(document).length).toBeLessThan(trustPolicyLimit);
  });

  test("a prefix with ids takes the place of the name", () =>
    expect(subjectOf({ ...repository, subjectPrefix: "repo:coinestate@1/infrastructure@2" }, { kind: "pullRequest" })).toBe(
      "repo:coinestate@1/infrastructure@2:pull_request",
    ));

  test("a star is refused wherever it stands", () => {
    const args = { namePrefix: "a", provider: "create", apply: { kind: "branch", branch: "main" } } as const;
    for (const bad of [
      { repository: "coinestate/*" },
      { repository: "a/b", subjectPrefix: "repo:a/*" },
      { repository: "a/b", workflow: "a/b/*" },
    ])
      expect(contractProblems(pipelineAccess, { ...args, ...bad })).toHaveLength(1);
  });
});

describe("in a stack", () => {
  test("each role but the pipeline's own has the boundary and the path; without pipeline roles none has", async () => {
    const roles = async (edits: Readonly<Record<string, unknown>>) =>
      (await declaredGraph(configOf("staging", edits))).filter(({ type }) => type === "aws:iam/role:Role");
    const bounded = await roles(oneOfEach(configOf("staging")));
    expect(bounded.length).toBeGreaterThan(5);
    for (const { name, inputs } of bounded)
      expect(inputs.permissionsBoundary, name).toBe(
        name.startsWith("coinestate-staging-pipeline-")
          ? undefined
          : "arn:aws:iam::123456789012:policy/coinestate-staging-pipeline-boundary",
      );
    for (const { name, inputs } of bounded)
      expect(inputs.path, name).toBe(name.startsWith("coinestate-staging-pipeline-") ? undefined : "/coinestate/staging/");
    for (const { name, inputs } of await roles({})) {
      expect(inputs.permissionsBoundary, name).toBeUndefined();
      expect(inputs.path, name).toBeUndefined();
    }
  }, 60_000);

  test("an account that has GitHub's provider is given no second one", async () => {
    const edits = { access: { github: { repository: "a/b", provider: "existing", apply: { kind: "branch", branch: "main" } } } };
    const resources = await declaredGraph(configOf("staging", edits));
    expect(resources.filter(({ type }) => type.includes("openIdConnectProvider"))).toEqual([]);
    const role = resources.find(({ type, name }) => type === "aws:iam/role:Role" && name === "coinestate-staging-pipeline-apply");
    expect(String(role!.inputs.assumeRolePolicy)).toContain("arn:aws:iam::123456789012:oidc-provider/token.actions.githubusercontent.com");
    expect(role!.inputs.maxSessionDuration).toBe(sessionSeconds.apply);
  }, 60_000);

  test("a budget counts cost before credits and tells at each step and by forecast", async () => {
    const resources = await declaredGraph(configOf("staging", oneOfEach(configOf("staging"))));
    const { inputs } = resources.find(({ type }) => type === "aws:budgets/budget:Budget")!;
    expect(inputs).toMatchObject({ limitAmount: "2000.0", timeUnit: "MONTHLY", costTypes: { includeCredit: false } });
    expect(inputs.costFilters).toEqual([{ name: "TagKeyValue", values: ["user:System$coinestate"] }]);
    const notifications = inputs.notifications as { notificationType: string; threshold: number }[];
    expect(notifications.map(({ notificationType, threshold }) => `${notificationType} ${threshold}`)).toEqual([
      "ACTUAL 50",
      "ACTUAL 80",
      "ACTUAL 100",
      "FORECASTED 100",
    ]);
  }, 60_000);
});
