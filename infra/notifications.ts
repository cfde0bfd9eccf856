/** Topics of a stack: in each of its regions, and in the one that CloudFront and Route 53 report to. */
import type { ProviderResource } from "@pulumi/pulumi";
import { globalMetricsRegion } from "../components/alarms/catalogue/distribution.ts";
import { severities } from "../components/alarms/severity.ts";
import { Notifications } from "../components/notifications/notifications.ts";
import { SlackChannel } from "../components/notifications/slackChannel.ts";
import type { Tags } from "../components/tags.ts";
import { emailRecipients, notifies, toldInSlack } from "./config/notifications.ts";
import type { StackConfig } from "./config/stack.ts";
import { regionCode } from "./regionCode.ts";

/** What the topics are made from. */
interface NotificationsOf {
  readonly config: StackConfig;
  readonly tags: Tags;
  readonly providers: readonly ProviderResource[];
  /** AWS regions of the stack, the primary first. */
  readonly regions: readonly string[];
}

/** Topics by AWS region. */
export type RegionNotifications = Readonly<Record<string, Notifications>>;

/** Declares the topics. @returns those of each region; none when the stack tells nobody */
export function declareNotifications({ config, tags, providers, regions }: NotificationsOf): RegionNotifications {
  const { notifications: all, system, environment, aws } = config;
  if (!notifies(all)) return {};
  const opts = { providers: [...providers] };
  const made = Object.fromEntries(
    [...new Set([...regions, globalMetricsRegion])].map((region) => [
      region,
      new Notifications(
        `${regionCode(region)}-notify`,
        {
          region,
          accountId: aws.accountId,
          title: `${system} ${environment}`,
          routes: all.routes,
          sendAllTo: all.sendAllTo,
          emails: emailRecipients(all),
          pagerDutyKey: all.pagerDuty?.integrationKey,
          tags,
        },
        opts,
      ),
    ]),
  );
  const inSlack = severities.filter((severity) => toldInSlack(all, severity));
  if (all.slack !== undefined && inSlack.length > 0) {
    const { workspaceId, channelId } = all.slack;
    const topicArns = Object.values(made).flatMap((region) => inSlack.map((severity) => region.topicArns[severity]));
    new SlackChannel(
      "slack",
      { configurationName: `${system}-${environment}`, workspaceId, channelId, topicArns, accountId: aws.accountId, tags },
      opts,
    );
  }
  return made;
}
