/** An alarm gives all traffic back to the live colour, with nobody at a keyboard. */

import { EventRule } from "@pulumi/aws/cloudwatch/eventRule.js";
import { LogGroup } from "@pulumi/aws/cloudwatch/logGroup.js";
import type { Role } from "@pulumi/aws/iam/role.js";
import { type FunctionArgs, Function as LambdaFunction } from "@pulumi/aws/lambda/function.js";
import type { Queue, QueueArgs } from "@pulumi/aws/sqs/queue.js";
import { Parameter } from "@pulumi/aws/ssm/parameter.js";
import { type ComponentResourceOptions, type Input, jsonStringify, type Output, output } from "@pulumi/pulumi";
import { callOnEvents, deadLetterQueue } from "../aws/eventFunction.ts";
import { type ServiceRole, serviceRole } from "../aws/role.ts";
import type { Colour } from "../colours.ts";
import { Component, type Regional, type Transformable } from "../component.ts";
import { type Accepted, accepted, type Given } from "../contract/accepted.ts";
import { outside } from "../contract/argumentProblem.ts";
import type { TableDatabase } from "../database/access.ts";
import { functionCode } from "../functionCode.ts";
import type { ScaledColour } from "../service/scaling.ts";
import { autoRollback, watchedAlarms } from "./contract.ts";
import { functionStatements } from "./functionPolicy.ts";
import { clearLatch } from "./latch.ts";

/** Arguments of `AutoRollback`, in the region of the service and of its alarms: those of its contract, and these. */
export interface AutoRollbackArgs
  extends Given<typeof autoRollback>,
    Regional,
    Transformable<{ function: FunctionArgs; deadLetters: QueueArgs }> {
  /** Stack, as `slipway --stack` names it; messages hold commands with it. */
  readonly stack: string;
  /** Service, as config names it. */
  readonly service: string;
  /** Listener rule whose weights move. */
  readonly ruleArn: Input<string>;
  /** Target groups by colour. */
  readonly targetGroupArns: Readonly<Record<Colour, Input<string>>>;
  /** Colour that everything goes to. */
  readonly live: Colour;
  /** How the live colour's tasks are asked for before everything comes back to it. @default they are not */
  readonly receiver?: ScaledColour | undefined;
  /** Table of release records, in which the digest that loses its traffic is marked. @default nobody keeps one */
  readonly records?: { readonly table: TableDatabase; readonly retainOldMinutes: number } | undefined;
  /** The other colour has an image and capacity: it may get traffic. */
  readonly candidateOpen: boolean;
  /** Alarms that set it off, and no others; an event rule holds about 20 ARNs. */
  readonly alarmArns: readonly Input<string>[];
  /** Topic that people are notified by. */
  readonly topicArn: Input<string>;
  /** Key of that topic. */
  readonly topicKeyArn: Input<string>;
  /** Key of the environment, the logs and the dead letters; it has to let CloudWatch Logs and EventBridge's dead letters use it. */
  readonly keyArn: Input<string>;
  /** Days that logs are kept, one of CloudWatch's steps. */
  readonly logRetentionDays: number;
}

const code = {
  "index.mjs": "rollback/function/index.mjs",
  "cloud.mjs": "rollback/function/cloud.mjs",
  "decision.mjs": "rollback/function/decision.mjs",
  "record.mjs": "rollback/function/record.mjs",
  "release.mjs": "rollback/function/release.mjs",
};

/** Seconds that a try may take: several rounds of throttled calls. */
const functionSeconds = 120;

/**
 * One function that may write one rule. It gives everything to the live colour, reads back that it is so, sets the latch and
 * tells people. AWS tries three times; an event that was not dealt with stays in the dead-letter queue, which has an alarm.
 *
 * @throws InputPropertiesError naming every argument that cannot be used
 */
export class AutoRollback extends Component {
  /** The real resources. */
  readonly nodes: {
    readonly function: LambdaFunction;
    readonly latch: Parameter;
    readonly deadLetters: Queue;
    readonly logGroup: LogGroup;
    readonly role: Role;
  };
  /** Dimension of Lambda's metrics. */
  readonly functionName: Output<string>;
  /** Dimension of SQS's metrics. */
  readonly deadLettersName: Output<string>;
  readonly latchName: Output<string>;

  constructor(name: string, args: AutoRollbackArgs, opts?: ComponentResourceOptions) {
    const given = accepted(name, autoRollback, args, outside("alarmArns", args.alarmArns.length, watchedAlarms));
    super("slipway:rollback:AutoRollback", name, args, opts);
    const latch = this.child(
      Parameter,
      name,
      {
        name: given.latchName,
        type: "String",
        insecureValue: clearLatch,
        description: `${args.stack} ${args.service}: set by an automatic rollback, cleared by slipway rollback acknowledge`,
      },
      // Only the function sets it, and only a person clears it.
      { ignoreChanges: ["insecureValue", "value"] },
    );
    const events = this.child(EventRule, name, {
      description: `${args.stack} ${args.service}: an alarm that calls for a rollback`,
      eventPattern: jsonStringify(alarmPattern(args.alarmArns)),
    });
    const deadLetters = deadLetterQueue(
      this,
      `${name}-dead-letters`,
      "UndeliveredEvents",
      events,
      { kmsMasterKeyId: args.keyArn, kmsDataKeyReusePeriodSeconds: 300 },
      args.transform?.deadLetters,
    );
    const logs = this.child(LogGroup, name, { retentionInDays: args.logRetentionDays, kmsKeyId: args.keyArn });
    const role = this.#role(name, latch.arn, deadLetters.queue.arn, logs.arn, args);
    const called = this.#function(name, { latch, deadLetters: deadLetters.queue, logs, role }, { ...args, ...given });
    callOnEvents(this, name, { events, called, deadLetters, maximumAgeSeconds: 3600, retries: { delivery: 20, run: 2 } });
    this.nodes = { function: called, latch, deadLetters: deadLetters.queue, logGroup: logs, role: role.role };
    this.functionName = called.name;
    this.deadLettersName = deadLetters.queue.name;
    this.latchName = latch.name;
    this.registerOutputs({ functionName: this.functionName, latchName: this.latchName });
  }

  #role(name: string, latchArn: Output<string>, deadLettersArn: Output<string>, logGroupArn: Output<string>, args: AutoRollbackArgs) {
    const { region, ruleArn, receiver, topicArn, topicKeyArn, keyArn, service } = args;
    const table = args.records?.table;
    const records = table === undefined ? undefined : { tableArn: table.arn, service, keyArn: table.keyArn };
    const scope = output({ ruleArn, receiver, latchArn, records, topicArn, topicKeyArn, deadLettersArn, keyArn, logGroupArn });
    return serviceRole(this, name, {
      description: `${args.stack} ${args.service}: may move this service's traffic back, and nothing else`,
      service: "lambda",
      statements: scope.apply((arns) => functionStatements({ ...arns, region })),
    });
  }

  #function(
    name: string,
    made: {
      readonly latch: Parameter;
      readonly deadLetters: Queue;
      readonly logs: LogGroup;
      readonly role: ServiceRole;
    },
    args: AutoRollbackArgs & Accepted<typeof autoRollback>,
  ): LambdaFunction {
    const { stack, service, ruleArn, targetGroupArns, live, receiver, candidateOpen, topicArn, action } = args;
    const records =
      args.records === undefined
        ? {}
        : { records: { table: args.records.table.tableName, retainOldMinutes: args.records.retainOldMinutes } };
    const settings = {
      stack,
      service,
      ruleArn,
      targetGroups: targetGroupArns,
      live,
      receiver,
      candidateOpen,
      action,
      topicArn,
      ...records,
    };
    return this.child(
      LambdaFunction,
      name,
      {
        description: `${stack} ${service}: everything to the live colour when an alarm fires`,
        runtime: "nodejs24.x",
        architectures: ["arm64"],
        handler: "index.handler",
        code: functionCode(code),
        role: made.role.arn,
        timeout: functionSeconds,
        memorySize: 512,
        // No reserved concurrency: a new account has 10 executions at once, and AWS lets nobody reserve one of those.
        kmsKeyArn: args.keyArn,
        environment: { variables: { SLIPWAY_ROLLBACK: jsonStringify({ ...settings, latch: args.latchName }) } },
        deadLetterConfig: { targetArn: made.deadLetters.arn },
        loggingConfig: { logFormat: "JSON", logGroup: made.logs.name },
        tracingConfig: { mode: "Active" },
      },
      { transform: args.transform?.function, dependsOn: [...made.role.ready, made.latch] },
    );
  }
}

/** Events of these alarms as they go into alarm. Pure. */
export function alarmPattern(alarmArns: readonly Input<string>[]) {
  return {
    source: ["aws.cloudwatch"],
    "detail-type": ["CloudWatch Alarm State Change"],
    resources: [...alarmArns],
    detail: { state: { value: ["ALARM"] } },
  };
}
