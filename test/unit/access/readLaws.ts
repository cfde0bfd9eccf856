/** A role that refreshes can read every resource of a stack. */
import { describe, expect, test } from "vitest";
import { accessStack, account } from "../../harness/accessStacks.ts";
import type { Registered } from "../../harness/graph.ts";
import { allows } from "../../harness/iam.ts";
import { readsOfTypes } from "./readActions.ts";

/** Tests of the stacks of these names. */
export function readLaws(names: readonly string[]): void {
  describe("a refresh can read every resource of", () => {
    test.each(names)("%s", { timeout: 60_000 }, async (name) => {
      const { resources: all, roles } = await accessStack(name);
      const resources = all.filter(({ type, custom }) => custom && type.startsWith("aws:"));
      const unread = resources.flatMap((resource) => {
        const actions = readsOfTypes[resource.type];
        if (actions === undefined) return [`${resource.type} has no row in readActions.ts`];
        return actions
          .filter((action) => !allows(roles.drift, { action, ...asked(action, resource, resources) }))
          .map((action) => `${resource.type} ${resource.name}: ${action}`);
      });
      expect(resources.length).toBeGreaterThan(20);
      expect(unread).toEqual([]);
    });
  });
}

/** The request's resource and what IAM knows about it, where the policy looks at it. */
function asked(action: string, { type, name, inputs, references }: Registered, all: readonly Registered[]) {
  const at = (service: string, resource: string) => `arn:aws:${service}:${String(inputs.region)}:${account}:${resource}`;
  const tagsOf = (of: Registered["inputs"] = {}) =>
    Object.fromEntries(Object.entries(of.tags ?? {}).map(([key, value]) => [`aws:ResourceTag/${key}`, String(value)]));
  const referred = (property: string, kind: string) =>
    all.find((one) => one.type === kind && references[property]?.includes(one.urn) === true);
  switch (action) {
    case "ssm:GetParameter":
      return { resource: at("ssm", `parameter${String(inputs.name)}`) };
    case "lambda:GetFunction":
      return { resource: at("lambda", `function:${String(inputs.name ?? `${name}-1a2b3c4`)}`), context: tagsOf(inputs) };
    case "cloudfront:GetFunction":
      return { resource: `arn:aws:cloudfront::${account}:function/generated` };
    case "secretsmanager:GetSecretValue":
      return {
        resource: at("secretsmanager", String(inputs.secretId).split(":").slice(5).join(":")),
        context: tagsOf(referred("secretId", "aws:secretsmanager/secret:Secret")?.inputs),
      };
    case "kms:Decrypt": {
      const [holder, property, service] =
        type === "aws:lambda/function:Function"
          ? [{ references }, "kmsKeyArn", "lambda"]
          : [referred("secretId", "aws:secretsmanager/secret:Secret"), "kmsKeyId", "secretsmanager"];
      const key = all.find((one) => one.type === "aws:kms/key:Key" && holder?.references[property]?.includes(one.urn) === true);
      // A function without a key of the stack asks for none.
      const tags = type === "aws:lambda/function:Function" && inputs.kmsKeyArn === undefined ? inputs : key?.inputs;
      return {
        resource: at("kms", "key/generated"),
        context: { ...tagsOf(tags), "kms:ViaService": `${service}.${String(inputs.region)}.amazonaws.com` },
      };
    }
    case "s3:ListBucket":
      return {
        resource: `arn:aws:s3:::${String(inputs.bucket ?? inputs.bucketPrefix ?? `${name}-1a2b3c4`)}`,
        context: { "aws:ResourceAccount": account },
      };
    default:
      return { resource: `arn:aws:${type}` };
  }
}
