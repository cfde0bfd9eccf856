/** What AWS's services do in the name of the apply role, and what AWS knows of a resource only minutes after it was made. */
import { expect, it, test } from "vitest";
import { tagged } from "../../../components/access/scope.ts";
import { accessStack, account } from "../../harness/accessStacks.ts";
import { allows, type Context } from "../../harness/iam.ts";

// The graph of a whole stack is declared by whichever test is first.
const timeout = 60_000;
const region = "us-east-1";
const key = `arn:aws:kms:${region}:${account}:key/22222222-3333-4444-5555-666666666666`;

/** Calls that a stack's apply role is refused. */
async function refused(calls: readonly (readonly [action: string, resource: string, context: Context])[]): Promise<string[]> {
  const { roles } = await accessStack("production");
  const standing = { "aws:RequestedRegion": region, "aws:ResourceAccount": account };
  return calls
    .filter(([action, resource, context]) => !allows(roles.apply, { action, resource, context: { ...standing, ...context } }))
    .map(([action]) => action);
}

const uses = (context: Context) =>
  refused([
    ["kms:Decrypt", key, { ...context, "kms:ViaService": `rds.${region}.amazonaws.com` }],
    ["kms:GenerateDataKey", key, { ...context, "kms:ViaService": `secretsmanager.${region}.amazonaws.com` }],
    ["kms:CreateGrant", key, { ...context, "kms:GrantIsForAWSResource": "true" }],
  ]);

// Source: RDS guide, "Password management with Amazon RDS and AWS Secrets Manager": RDS makes the secret with the caller's permissions,
// and with tags of its own.
it(
  "A13 the apply role may have RDS make the secret of a master password",
  async () => {
    const secret = `arn:aws:secretsmanager:${region}:${account}:secret:rds!db-11111111-2222-3333-4444-555555555555-a1b2c3`;
    const own = { "aws:RequestTag/aws:secretsmanager:owningService": "rds" };
    const made = ["CreateSecret", "TagResource", "DescribeSecret", "RotateSecret"].map(
      (verb) => [`secretsmanager:${verb}`, secret, own] as const,
    );
    expect(await refused(made)).toEqual([]);
    expect(await refused([["secretsmanager:GetSecretValue", secret, {}]])).toEqual(["secretsmanager:GetSecretValue"]);
    const other = `arn:aws:secretsmanager:${region}:${account}:secret:other-a1b2c3`;
    expect(await refused([["secretsmanager:CreateSecret", other, own]])).toEqual(["secretsmanager:CreateSecret"]);
  },
  timeout,
);

// Source: KMS guide, ABAC: "It might take up to five minutes for tag and alias changes to affect KMS key authorization".
it(
  "A14 the apply role may use a key in the update that makes it",
  async () => {
    expect(await uses({})).toEqual([]);
  },
  timeout,
);

test(
  "a key that carries another stack's tags is not the apply role's, by either tag",
  async () => {
    const { config } = await accessStack("production");
    const own = tagged({ ...config, accountId: account, regions: [] }, "ResourceTag");
    expect(await uses(own)).toEqual([]);
    for (const tag of Object.keys(own)) expect(await uses({ ...own, [tag]: "another" })).toHaveLength(3);
  },
  timeout,
);
