/** The role of the function that asks whether servers answer: a log, a queue, network interfaces, the named parameters. */
import { Role } from "@pulumi/aws/iam/role.js";
import { RolePolicy } from "@pulumi/aws/iam/rolePolicy.js";
import { type Input, interpolate, jsonStringify, type Output, type Resource } from "@pulumi/pulumi";
import type { Tagged } from "../regional.ts";
import { named } from "../tags.ts";

/** What the role is made from. */
export interface ProbeRoleArgs extends Tagged {
  readonly logGroupArn: Input<string>;
  /** Queue of rounds that were lost. */
  readonly queueArn: Input<string>;
  /** Parameters that are read. */
  readonly parameterArns: readonly Input<string>[];
  /** Key of the parameters. @default none */
  readonly parametersKeyArn?: Input<string> | undefined;
}

/** Lambda's own calls when it puts a function into a network; they take no resource. */
const networkInterfaces = [
  "ec2:AssignPrivateIpAddresses",
  "ec2:CreateNetworkInterface",
  "ec2:DeleteNetworkInterface",
  "ec2:DescribeNetworkInterfaces",
  "ec2:DescribeSubnets",
  "ec2:UnassignPrivateIpAddresses",
];

/** Declares the role. @param parent component that it belongs to @returns its ARN, and what has to be there before it is used */
export function probeRole(name: string, args: ProbeRoleArgs, parent: Resource): { roleArn: Output<string>; ready: readonly Resource[] } {
  const { parameterArns, parametersKeyArn, tags } = args;
  const trust = {
    Version: "2012-10-17",
    Statement: [
      {
        Effect: "Allow",
        Action: "sts:AssumeRole",
        Principal: { Service: "lambda.amazonaws.com" },
      },
    ],
  };
  const role = new Role(
    name,
    { description: "Asks whether databases, caches and nodes answer", assumeRolePolicy: JSON.stringify(trust), tags: named(name, tags) },
    { parent },
  );
  const allow = (Sid: string, Action: readonly string[], Resource: Input<string> | readonly Input<string>[]) => ({
    Sid,
    Effect: "Allow",
    Action,
    Resource,
  });
  const policy = new RolePolicy(
    name,
    {
      role: role.name,
      policy: jsonStringify({
        Version: "2012-10-17",
        Statement: [
          allow("WriteLog", ["logs:CreateLogStream", "logs:PutLogEvents"], interpolate`${args.logGroupArn}:log-stream:*`),
          allow("LostRounds", ["sqs:SendMessage"], args.queueArn),
          allow("NetworkInterfaces", networkInterfaces, "*"),
          ...(parameterArns.length === 0 ? [] : [allow("ReadParameters", ["ssm:GetParameter"], [...parameterArns])]),
          ...(parameterArns.length === 0 || parametersKeyArn === undefined
            ? []
            : [allow("DecryptParameters", ["kms:Decrypt"], parametersKeyArn)]),
        ],
      }),
    },
    { parent },
  );
  return { roleArn: role.arn, ready: [policy] };
}
