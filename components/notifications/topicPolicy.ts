/** Who may publish to a topic. */
import { topicPublishers } from "../encryption/contract.ts";
import type { TopicPublisher } from "../encryption/encryptionKey.ts";

/** Where the topic is. */
interface TopicPlace {
  /** AWS region. */
  readonly region: string;
  /** Account, 12 digits. */
  readonly accountId: string;
}

type Condition = Readonly<Record<string, Readonly<Record<string, string>>>>;

/**
 * Policy of a topic: four services, for this account alone where the service says whom it is for (decision 0019). People and functions of the account publish by their own
 * IAM policies. Pure.
 */
export function topicPolicy(topicArn: string, { region, accountId }: TopicPlace): Readonly<Record<string, unknown>> {
  const ofAccount = { StringEquals: { "aws:SourceAccount": accountId } };
  const from = (arn: string): Condition => ({ ...ofAccount, ArnLike: { "aws:SourceArn": arn } });
  const statements: Readonly<Record<TopicPublisher, { readonly Sid: string; readonly Condition?: Condition }>> = {
    cloudwatch: { Sid: "Alarms", Condition: from(`arn:aws:cloudwatch:${region}:${accountId}:alarm:*`) },
    // EventBridge's guide: no condition in the policy of a topic that it publishes to; what it cannot deliver is gone without a word.
    events: { Sid: "EventRules" },
    // AWS Backup documents no source condition, and publishes to no other account's topic.
    backup: { Sid: "BackupNotifications" },
    budgets: { Sid: "BudgetAlerts", Condition: from(`arn:aws:budgets::${accountId}:*`) },
  };
  return {
    Version: "2012-10-17",
    Statement: topicPublishers.map((service) => ({
      ...statements[service],
      Effect: "Allow",
      Principal: { Service: `${service}.amazonaws.com` },
      Action: "sns:Publish",
      Resource: topicArn,
    })),
  };
}
