/** Lambda: what AWS computes and refuses. */
import { isObject, type Properties } from "../../provider/values.ts";
import { CloudError, onBoth, onCreate, type Rule, type ServiceTables } from "../catalogue.ts";
import type { LiveStore } from "../liveStore.ts";
import { randomDigits } from "../randomness.ts";
import { valuesAt } from "../references.ts";

const lambdaFunction = "aws:lambda/function:Function";
const permission = "aws:lambda/permission:Permission";
const role = "aws:iam/role:Role";
const rolePolicy = "aws:iam/rolePolicy:RolePolicy";
const attachment = "aws:iam/rolePolicyAttachment:RolePolicyAttachment";

const refuse = (message: string): never => {
  throw new CloudError("InvalidParameterValueException", message);
};

/** Whether a statement of the role's own policies, or an attached one of AWS's, names the action. */
function mayDo(roleArn: unknown, action: string, managed: readonly string[], store: LiveStore): boolean {
  const name = String(roleArn).split("/").at(-1) ?? "";
  const own = store.all(rolePolicy).filter(({ properties }) => properties.role === name);
  const attached = store.all(attachment).filter(({ properties }) => properties.role === name);
  return (
    own.some(({ properties }) => String(properties.policy).includes(`"${action}"`)) ||
    attached.some(({ properties }) => managed.some((policy) => String(properties.policyArn).endsWith(`/${policy}`)))
  );
}

/** A function's code and role are looked at when it is made; a role whose policy comes later is refused. */
const refuseUnusable: Rule["enforce"] = (wanted, { store }) => {
  const { packageType, handler, runtime, role: roleArn, vpcConfig, deadLetterConfig } = wanted;
  if (packageType !== "Image" && (typeof handler !== "string" || typeof runtime !== "string"))
    refuse("Runtime and Handler are mandatory parameters for functions created with deployment packages.");
  const assumed = store.all(role).find(({ properties }) => properties.arn === roleArn);
  if (assumed !== undefined && !String(assumed.properties.assumeRolePolicy).includes("lambda.amazonaws.com"))
    refuse("The role defined for the function cannot be assumed by Lambda.");
  if (assumed === undefined) return;
  const inNetwork = isObject(vpcConfig) && valuesAt(vpcConfig, "subnetIds[]").length > 0;
  const vpcAccess = ["AWSLambdaVPCAccessExecutionRole", "AWSLambdaENIManagementAccess"];
  if (inNetwork && !mayDo(roleArn, "ec2:CreateNetworkInterface", vpcAccess, store))
    refuse("The provided execution role does not have permissions to call CreateNetworkInterface on EC2");
  const deadLetters = isObject(deadLetterConfig) ? String(deadLetterConfig.targetArn) : undefined;
  if (deadLetters?.includes(":sqs:") && !mayDo(roleArn, "sqs:SendMessage", [], store))
    refuse("The provided execution role does not have permissions to call SendMessage on SQS");
};

const codeOf = ({ code }: Properties): string => (isObject(code) ? String(code.hash ?? "") : "");

export const lambda: ServiceTables = {
  identities: {
    [lambdaFunction]: {
      compute: (properties, { region }) => {
        const invoke = (date: string, what: string) =>
          `arn:aws:apigateway:${region}:lambda:path/${date}/functions/${properties.arn}/${what}`;
        return {
          qualifiedArn: `${properties.arn}:$LATEST`,
          invokeArn: invoke("2015-03-31", "invocations"),
          qualifiedInvokeArn: invoke("2015-03-31", "invocations").replace("/invocations", ":$LATEST/invocations"),
          responseStreamingInvokeArn: invoke("2021-11-15", "response-streaming-invocations"),
          codeSha256: codeOf(properties),
        };
      },
      revise: (_, next) => ({ ...next, codeSha256: codeOf(next) }),
    },
    [permission]: {
      // The provider makes up a statement id where none is given, and calls what stands before 26 digits its prefix.
      id: ({ statementId }) => (typeof statementId === "string" && statementId !== "" ? statementId : `terraform-${randomDigits(26)}`),
      key: ({ function: name, statementId }) => `${name}/${statementId}`,
      compute: ({ statementId }) => ({ statementIdPrefix: String(statementId).match(/^(.*)[0-9a-f]{26}$/i)?.[1] ?? "" }),
    },
  },
  rules: {
    [lambdaFunction]: onBoth(refuseUnusable),
    [permission]: onCreate(({ function: wanted }, { store }) => {
      const known = store.all(lambdaFunction).some(({ id, properties }) => id === wanted || properties.arn === wanted);
      if (!known) throw new CloudError("ResourceNotFoundException", `Function not found: ${wanted}`);
    }),
  },
};
