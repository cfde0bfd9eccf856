/** A message that is a test, for each kind of subscriber: text for people, CloudWatch's own form for what reads only that. Pure. */
import type { PublishCommandInput } from "@aws-sdk/client-sns";
import type { Severity } from "../../infra/config/physicalNames.ts";

/** What a test says. */
export interface TestMessage {
  readonly severity: Severity;
  /** Beginning of the stack's names: `coinestate-prod`. */
  readonly stack: string;
  readonly accountId: string;
  readonly region: string;
  /** Who sends it, an ARN. */
  readonly by: string;
  readonly at: Date;
  /** What whoever reads it says back. */
  readonly code: string;
  /** Command that says it. */
  readonly confirm: string;
}

/** Input of SNS's Publish. PagerDuty and the chat get what an alarm would send: they show nothing else. */
export function publishInput(topicArn: string, message: TestMessage): PublishCommandInput {
  const { severity, stack, accountId, region, at } = message;
  const name = `TEST ${severity} of ${stack}`;
  const text = textOf(message);
  const alarm = {
    AlarmName: name,
    AlarmDescription: text,
    AWSAccountId: accountId,
    NewStateValue: "ALARM",
    OldStateValue: "OK",
    NewStateReason: text,
    StateChangeTime: at.toISOString(),
    Region: region,
    AlarmArn: `arn:aws:cloudwatch:${region}:${accountId}:alarm:${name}`,
    Trigger: {
      MetricName: "Test",
      Namespace: "Slipway",
      StatisticType: "Statistic",
      Statistic: "SUM",
      Dimensions: [],
      Period: 60,
      Threshold: 0,
    },
  };
  return {
    TopicArn: topicArn,
    Subject: name,
    MessageStructure: "json",
    Message: JSON.stringify({ default: text, email: text, https: JSON.stringify(alarm) }),
  };
}

function textOf({ severity, stack, region, by, at, code, confirm }: TestMessage): string {
  return [
    `TEST: a message of severity ${severity} of ${stack} in ${region}. Nothing is wrong.`,
    `Sent by ${by} at ${at.toISOString()}.`,
    `Code: ${code}`,
    `Say that it came: ${confirm}`,
    "Then close what it has opened.",
  ].join("\n");
}
