/** Config area `notifications`: who is notified of what. */
import type { Severity } from "../../alarms/severity.ts";
import { group, matching, secretText } from "../../contract/fields.ts";
import type { Immutable } from "../../contract/immutable.ts";
import { holds } from "../../contract/rule.ts";
import type { z } from "../../contract/zod.ts";
import { routeRules, slackChannel, notifications as topics } from "../../notifications/contract.ts";

const area = topics.extend({
  slack: slackChannel
    .omit({ configurationName: true })
    .extend({
      channelName: matching(/^#[a-z0-9_-]{1,80}$/, "channel name", "name of the channel, for people; in quotes")
        .optional()
        .meta({ examples: ["#deployment-alerts"] }),
    })
    .optional()
    .describe("Slack channel")
    .meta({ examples: [{ workspaceId: "T0123456789", channelId: "C0123456789", channelName: "#deployment-alerts" }] }),
  pagerDuty: group("PagerDuty service", {
    integrationKey: secretText("key of the service's Amazon CloudWatch integration"),
  }).optional(),
});

type Notifications = Immutable<z.output<typeof area>>;

export const notifications = area
  .superRefine(
    holds((area) => (notifies(area) ? routeRules(area, { pagerDuty: area.pagerDuty !== undefined, slack: area.slack !== undefined }) : [])),
  )
  .prefault({})
  .describe("who is notified of alarms and events; nobody when no channel is named");

/** Whether a stack tells anybody anything. */
export function notifies({ emails, slack, pagerDuty }: Pick<Notifications, "emails" | "slack" | "pagerDuty">): boolean {
  return Object.keys(emails).length > 0 || slack !== undefined || pagerDuty !== undefined;
}

/** Whether a severity reaches the Slack channel. */
export function toldInSlack({ slack, routes, sendAllTo }: Notifications, severity: Severity): boolean {
  return slack !== undefined && routes[severity].includes("slack") && (sendAllTo === undefined || sendAllTo === severity);
}
