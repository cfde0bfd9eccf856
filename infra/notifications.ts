/** Topics of a stack: in each of its regions, and in the one that CloudFront and Route 53 report to. */
import { secret } from "@pulumi/pulumi";
import { severities } from "../components/alarms/severity.ts";
import { toldInSlack } from "../components/environment/contract/notifications.ts";
import { Notifications } from "../components/notifications/notifications.ts";
import { SlackChannel } from "../components/notifications/slackChannel.ts";
import { notifiedRegions } from "./config/notifiedRegions.ts";
import type { Here } from "./here.ts";

/** Topics by AWS region. */
export type RegionNotifications = Readonly<Record<string, Notifications>>;

/** Declares the topics. @returns those of each region; none when the stack tells nobody */
export function declareNotifications({ config, place }: Here): RegionNotifications {
  const { notifications: all } = config;
  const made = Object.fromEntries(
    notifiedRegions(config).map((region) => {
      const there = place.in(region);
      const topics = there.make(Notifications, there.names.regional("notify"), {
        title: `${config.system} ${config.environment}`,
        ...all,
        pagerDutyKey: all.pagerDuty?.integrationKey.open((key) => secret(key)),
      });
      return [region, topics];
    }),
  );
  const inSlack = severities.filter((severity) => toldInSlack(all, severity));
  if (all.slack !== undefined && inSlack.length > 0) {
    const { workspaceId, channelId } = all.slack;
    const topicArns = Object.values(made).flatMap((region) => inSlack.map((severity) => region.topicArns[severity]));
    place.make(SlackChannel, place.names.global("slack"), { configurationName: place.names.stack, workspaceId, channelId, topicArns });
  }
  return made;
}
