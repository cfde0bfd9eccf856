/** A customer-managed KMS key, and who may use it. */
import { Alias } from "@pulumi/aws/kms/alias.js";
import { Key, type KeyArgs } from "@pulumi/aws/kms/key.js";
import type { ComponentResourceOptions, Output } from "@pulumi/pulumi";
import { Component, type InAccount, type Regional, type Transformable } from "../component.ts";
import { type Accepted, accepted, type Given } from "../contract/accepted.ts";
import { encryptionKey, type topicPublishers } from "./contract.ts";

export type TopicPublisher = (typeof topicPublishers)[number];

type KeyUser = Accepted<typeof encryptionKey>["users"][number];

/** Arguments of `EncryptionKey`: those of its contract, and these. The account owns the key. */
export interface EncryptionKeyArgs extends Given<typeof encryptionKey>, Regional, InAccount, Transformable<{ key: KeyArgs }> {
  /** Refuse to delete the key. @default false */
  readonly protect?: boolean;
}

type Statement = Readonly<Record<string, unknown>>;

/** Policy of a key: the account's own IAM policies decide, and each named service gets what it needs. Pure. */
export function keyPolicy({ region, accountId }: Pick<EncryptionKeyArgs, "region" | "accountId">, users: readonly KeyUser[]): Statement {
  // Scoped by the topic, as SNS does not pass an EventBridge rule's account or ARN on to KMS: such a condition loses every message.
  const publisher = (service: TopicPublisher, sid: string): Statement => ({
    Sid: sid,
    Effect: "Allow",
    Principal: { Service: `${service}.amazonaws.com` },
    Action: ["kms:Decrypt", "kms:GenerateDataKey*"],
    Resource: "*",
    Condition: { ArnLike: { "kms:EncryptionContext:aws:sns:topicArn": `arn:aws:sns:${region}:${accountId}:*` } },
  });
  const services: Readonly<Record<KeyUser, Statement>> = {
    logs: {
      Sid: "CloudWatchLogs",
      Effect: "Allow",
      Principal: { Service: `logs.${region}.amazonaws.com` },
      Action: ["kms:Encrypt", "kms:Decrypt", "kms:ReEncrypt*", "kms:GenerateDataKey*", "kms:DescribeKey"],
      Resource: "*",
      Condition: { ArnLike: { "kms:EncryptionContext:aws:logs:arn": `arn:aws:logs:${region}:${accountId}:log-group:*` } },
    },
    // Which distribution is decided by the bucket's policy; here it would make a circle, as a distribution needs its bucket first.
    cloudfront: {
      Sid: "CloudFrontOrigins",
      Effect: "Allow",
      Principal: { Service: "cloudfront.amazonaws.com" },
      Action: ["kms:Decrypt"],
      Resource: "*",
      Condition: {
        StringEquals: { "aws:SourceAccount": accountId },
        ArnLike: { "aws:SourceArn": `arn:aws:cloudfront::${accountId}:distribution/*` },
      },
    },
    // What EventBridge could not deliver goes to a queue; SQS passes the queue's ARN on, and not the rule's.
    deadLetters: {
      Sid: "DeadLetters",
      Effect: "Allow",
      Principal: { Service: "events.amazonaws.com" },
      Action: ["kms:Decrypt", "kms:GenerateDataKey"],
      Resource: "*",
      Condition: { ArnLike: { "kms:EncryptionContext:aws:sqs:arn": `arn:aws:sqs:${region}:${accountId}:*` } },
    },
    cloudwatch: {
      ...publisher("cloudwatch", "Alarms"),
      Condition: {
        StringEquals: { "aws:SourceAccount": accountId },
        ArnLike: { "kms:EncryptionContext:aws:sns:topicArn": `arn:aws:sns:${region}:${accountId}:*` },
      },
    },
    events: publisher("events", "EventRules"),
    backup: publisher("backup", "BackupNotifications"),
    budgets: publisher("budgets", "BudgetAlerts"),
  };
  return {
    Version: "2012-10-17",
    Statement: [
      { Sid: "AccountPolicies", Effect: "Allow", Principal: { AWS: `arn:aws:iam::${accountId}:root` }, Action: "kms:*", Resource: "*" },
      ...users.map((user) => services[user]),
    ],
  };
}

/**
 * A key with yearly rotation and an alias.
 *
 * @throws InputPropertiesError naming every argument that cannot be used
 */
export class EncryptionKey extends Component {
  /** The real resources. */
  readonly nodes: { readonly key: Key };
  readonly arn: Output<string>;
  readonly keyId: Output<string>;

  constructor(name: string, args: EncryptionKeyArgs, opts?: ComponentResourceOptions) {
    const { description, users, deletionDays } = accepted(name, encryptionKey, args);
    super("slipway:encryption:EncryptionKey", name, args, opts);
    const made = this.child(
      Key,
      name,
      {
        description,
        enableKeyRotation: true,
        deletionWindowInDays: deletionDays,
        policy: JSON.stringify(keyPolicy(args, users)),
      },
      { transform: args.transform?.key, protect: args.protect },
    );
    this.child(Alias, name, { namePrefix: `alias/${name}-`, targetKeyId: made.keyId });
    this.nodes = { key: made };
    this.arn = made.arn;
    this.keyId = made.keyId;
    this.registerOutputs({ arn: this.arn });
  }
}
