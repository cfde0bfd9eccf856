/** A small function that asks, from inside the network, whether databases, caches and outside nodes answer. */

import { EventRule } from "@pulumi/aws/cloudwatch/eventRule.js";
import { LogGroup } from "@pulumi/aws/cloudwatch/logGroup.js";
import { SecurityGroup } from "@pulumi/aws/ec2/securityGroup.js";
import type { Role } from "@pulumi/aws/iam/role.js";
import { type FunctionArgs, Function as LambdaFunction } from "@pulumi/aws/lambda/function.js";
import { SecurityGroupEgressRule } from "@pulumi/aws/vpc/securityGroupEgressRule.js";
import { type ComponentResourceOptions, type Input, interpolate, jsonStringify, type Output, type Resource } from "@pulumi/pulumi";
import type { AlarmDefinition } from "../alarms/alarmDefinition.ts";
import { callOnEvents, deadLetterQueue } from "../aws/eventFunction.ts";
import { oneWay, tcp } from "../aws/oneWay.ts";
import { allow } from "../aws/policy.ts";
import { type ServiceRole, serviceRole } from "../aws/role.ts";
import { entriesByName } from "../byName.ts";
import { Component, type InAccount, type Regional, type Transformable } from "../component.ts";
import { type Accepted, accepted, type Given } from "../contract/accepted.ts";
import { outside } from "../contract/argumentProblem.ts";
import { functionCode } from "../functionCode.ts";
import { askingSubnets, reachability } from "./contract.ts";
import { type ReachabilityTarget, reachabilityAlarms } from "./reachabilityTargets.ts";

/** Arguments of `Reachability`: those of its contract, and these. */
export interface ReachabilityArgs
  extends Omit<Given<typeof reachability>, "targets">,
    Regional,
    InAccount,
    Transformable<{ function: FunctionArgs }> {
  /** Name of the stack, a dimension of the metrics. */
  readonly stack: string;
  readonly vpcId: Input<string>;
  /** Private subnets; with a way out where a node outside is asked. */
  readonly subnetIds: readonly Input<string>[];
  /** Key of the log; it has to let CloudWatch Logs use it. */
  readonly keyArn: Input<string>;
  /** Key of the parameters. @default none is read */
  readonly parametersKeyArn?: Input<string> | undefined;
  /** By name. */
  readonly targets: Readonly<Record<string, ReachabilityTarget>>;
  /** Days that the log is kept, one of CloudWatch's steps. */
  readonly logRetentionDays: number;
  /** What has to be there before the function runs: ways out. @default nothing */
  readonly startAfter?: readonly Resource[];
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

const description = "Asks whether databases, caches and nodes answer";
const code = { "index.mjs": "probes/functions/reachability.mjs", "protocols.mjs": "probes/functions/protocols.mjs" };

/**
 * A function in private subnets, called on a schedule. It may connect to the named servers and read the named parameters, and do
 * nothing else. A round that cannot be run is not repeated, as the next one tells more, and ends in a queue.
 *
 * @throws InputPropertiesError naming every argument that cannot be used
 */
export class Reachability extends Component {
  /** The real resources. */
  readonly nodes: {
    readonly function: LambdaFunction;
    readonly securityGroup: SecurityGroup;
    readonly logGroup: LogGroup;
    readonly role: Role;
  };
  readonly functionName: Output<string>;
  /** What is alarmed when a target does not answer. */
  readonly alarms: readonly AlarmDefinition[];

  constructor(name: string, args: ReachabilityArgs, opts?: ComponentResourceOptions) {
    const given = accepted(name, reachability, args, outside("subnetIds", args.subnetIds.length, askingSubnets));
    super("slipway:probes:Reachability", name, args, opts);
    const { accountId, keyArn } = args;
    const { everyMinutes } = given;
    const events = this.child(EventRule, name, {
      description,
      scheduleExpression: everyMinutes === 1 ? "rate(1 minute)" : `rate(${everyMinutes} minutes)`,
    });
    const deadLetters = deadLetterQueue(this, name, "LostRounds", events, { sqsManagedSseEnabled: true });
    const { queue } = deadLetters;
    const logs = this.child(LogGroup, name, { retentionInDays: args.logRetentionDays, kmsKeyId: keyArn });
    const { group, rules } = this.#network(name, args);
    const role = this.#role(name, logs.arn, queue.arn, args);
    const dependsOn = [...role.ready, ...rules, ...(args.startAfter ?? [])];
    const called = this.child(
      LambdaFunction,
      name,
      {
        description,
        role: role.arn,
        runtime: "nodejs22.x",
        architectures: ["arm64"],
        handler: "index.handler",
        code: functionCode(code),
        memorySize: 256,
        timeout: 30,
        vpcConfig: { subnetIds: [...args.subnetIds], securityGroupIds: [group.id] },
        deadLetterConfig: { targetArn: queue.arn },
        loggingConfig: { logFormat: "Text", logGroup: logs.name },
        tracingConfig: { mode: "PassThrough" },
        environment: {
          variables: {
            STACK: args.stack,
            TARGETS: jsonStringify(
              Object.fromEntries(entriesByName(given.targets).map(([target, settings]) => [target, settingsOf(settings)])),
            ),
            // Certificates of the databases are by Amazon's own authority, which Lambda carries and Node.js does not know.
            NODE_EXTRA_CA_CERTS: "/var/runtime/ca-cert.pem",
          },
        },
      },
      { transform: args.transform?.function, dependsOn },
    );
    const once = { maximumAgeSeconds: 60, retries: { delivery: 0, run: 0 } };
    callOnEvents(this, name, { events, called, deadLetters, ...once, sourceAccount: accountId, targetId: "reachability" });
    this.nodes = { function: called, securityGroup: group, logGroup: logs, role: role.role };
    this.functionName = called.name;
    this.alarms = reachabilityAlarms({ ...args, ...given }, queue.name);
    this.registerOutputs({ functionName: this.functionName });
  }

  #network(name: string, { vpcId, targets }: ReachabilityArgs): { group: SecurityGroup; rules: Resource[] } {
    const group = this.child(SecurityGroup, name, { vpcId, description: `${name}: nobody in, the asked servers out` });
    const rules = Object.entries(targets).flatMap(([target, settings]): Resource[] =>
      settings.kind === "jsonRpc"
        ? []
        : oneWay(this, `${name}-to-${target}`, { from: group.id, to: settings.securityGroupId, port: settings.port }),
    );
    if (parametersOf({ targets }).length === 0) return { group, rules };
    const https = this.child(SecurityGroupEgressRule, `${name}-https`, {
      ...tcp(443),
      securityGroupId: group.id,
      cidrIpv4: "0.0.0.0/0",
      description: "HTTPS to Parameter Store and to nodes outside",
    });
    return { group, rules: [...rules, https] };
  }

  #role(name: string, logGroupArn: Output<string>, queueArn: Output<string>, args: ReachabilityArgs): ServiceRole {
    const parameters = parametersOf(args);
    const key = parameters.length === 0 ? undefined : args.parametersKeyArn;
    return serviceRole(this, name, {
      description,
      service: "lambda",
      statements: [
        allow("WriteLog", ["logs:CreateLogStream", "logs:PutLogEvents"], interpolate`${logGroupArn}:log-stream:*`),
        allow("LostRounds", ["sqs:SendMessage"], queueArn),
        allow("NetworkInterfaces", networkInterfaces, "*"),
        ...(parameters.length === 0 ? [] : [allow("ReadParameters", ["ssm:GetParameter"], parameters)]),
        ...(key === undefined ? [] : [allow("DecryptParameters", ["kms:Decrypt"], key)]),
      ],
    });
  }
}

function parametersOf({ targets }: Pick<ReachabilityArgs, "targets">): Input<string>[] {
  return entriesByName(targets).flatMap(([, target]) => (target.kind === "jsonRpc" ? [target.parameterArn] : []));
}

/** What the function reads of a target. */
function settingsOf(target: Accepted<typeof reachability>["targets"][string]): Readonly<Record<string, unknown>> {
  if (target.kind === "jsonRpc") return { kind: target.kind, parameter: target.parameter, method: target.method };
  return { kind: target.kind, host: target.host, port: target.port };
}
