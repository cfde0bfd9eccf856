/** A function that EventBridge calls, and the queue that keeps what could not be dealt with. */
import type { EventRule } from "@pulumi/aws/cloudwatch/eventRule.js";
import { EventTarget } from "@pulumi/aws/cloudwatch/eventTarget.js";
import type { Function as LambdaFunction } from "@pulumi/aws/lambda/function.js";
import { FunctionEventInvokeConfig } from "@pulumi/aws/lambda/functionEventInvokeConfig.js";
import { Permission } from "@pulumi/aws/lambda/permission.js";
import { Queue, type QueueArgs } from "@pulumi/aws/sqs/queue.js";
import { QueuePolicy } from "@pulumi/aws/sqs/queuePolicy.js";
import type { Input, Resource } from "@pulumi/pulumi";
import type { Component, Transform } from "../component.ts";
import { onlyTls, policyOf } from "./policy.ts";

/** A queue and what has to be there before something is sent to it. */
interface DeadLetters {
  readonly queue: Queue;
  readonly ready: Resource;
}

/** EventBridge keeps in the queue what it could not hand to the function; the function itself sends by its own role. Pure. */
export function deadLetterStatements(Sid: string, queueArn: Input<string>, ruleArn: Input<string>) {
  const events = { Effect: "Allow", Principal: { Service: "events.amazonaws.com" }, Action: "sqs:SendMessage" };
  const Condition = { ArnEquals: { "aws:SourceArn": ruleArn } };
  return [{ Sid, ...events, Resource: queueArn, Condition }, onlyTls("OnlyTls", "sqs", queueArn)] as const;
}

/** Declares a queue that keeps for 14 days, the longest, what its rule could not deliver. @param sid what that is, as the policy calls it */
export function deadLetterQueue(
  owner: Component,
  name: string,
  sid: string,
  events: EventRule,
  encryption: Pick<QueueArgs, "kmsMasterKeyId" | "kmsDataKeyReusePeriodSeconds" | "sqsManagedSseEnabled">,
  transform?: Transform<QueueArgs>,
): DeadLetters {
  const queue = owner.child(Queue, name, { ...encryption, messageRetentionSeconds: 1_209_600 }, { transform });
  const policy = policyOf([...deadLetterStatements(sid, queue.arn, events.arn)]);
  return { queue, ready: owner.child(QueuePolicy, name, { queueUrl: queue.url, policy }) };
}

/** How a rule calls a function. */
interface CalledArgs {
  readonly events: EventRule;
  readonly called: LambdaFunction;
  readonly deadLetters: DeadLetters;
  /** Seconds after which an event is of no use. */
  readonly maximumAgeSeconds: number;
  /** Tries after the first one: of EventBridge to hand the event over, of Lambda to run the function. */
  readonly retries: { readonly delivery: number; readonly run: number };
  /** Account of the rule, 12 digits. @default any that has a rule of that ARN */
  readonly sourceAccount?: string;
  /** Id of the target in the rule. @default one that the provider draws */
  readonly targetId?: string;
}

/** Lets a rule call a function; what fails for good ends in the queue. */
export function callOnEvents(owner: Component, name: string, args: CalledArgs): void {
  const { events, called, deadLetters, maximumAgeSeconds: maximumEventAgeInSeconds, retries, sourceAccount, targetId } = args;
  const permission = owner.child(Permission, name, {
    function: called.name,
    action: "lambda:InvokeFunction",
    principal: "events.amazonaws.com",
    sourceArn: events.arn,
    ...(sourceAccount === undefined ? {} : { sourceAccount }),
  });
  const limits = { functionName: called.name, maximumRetryAttempts: retries.run, maximumEventAgeInSeconds };
  const config = owner.child(FunctionEventInvokeConfig, name, limits);
  owner.child(
    EventTarget,
    name,
    {
      rule: events.name,
      arn: called.arn,
      ...(targetId === undefined ? {} : { targetId }),
      deadLetterConfig: { arn: deadLetters.queue.arn },
      retryPolicy: { maximumRetryAttempts: retries.delivery, maximumEventAgeInSeconds },
    },
    { dependsOn: [permission, config, deadLetters.ready] },
  );
}
