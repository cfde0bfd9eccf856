/** Config area `notifications`: who is notified of what. */
import { type Severity, severities } from "../../components/alarms/severity.ts";
import { distinct, keyName, matching } from "../../components/contract/fields.ts";
import type { Immutable } from "../../components/contract/immutable.ts";
import { z } from "../../components/contract/zod.ts";
import { channels, defaultRoutes, type EmailRecipient } from "../../components/notifications/routes.ts";

const slackId = (description: string, example: string) =>
  matching(/^[0-9A-Z]{1,255}$/, "Slack id", description).meta({ examples: [example] });

const route = (severity: keyof typeof defaultRoutes, what: string) =>
  distinct(z.enum(channels).describe("pagerDuty, slack or email"))
    .default([...defaultRoutes[severity]])
    .describe(what);

export const notifications = z
  .strictObject({
    emails: z
      .record(
        keyName(20, "recipient"),
        z
          .email({ error: "e-mail address" })
          .describe("e-mail address; it has to confirm once a topic")
          .meta({ examples: ["devops@coinestate.io"] }),
      )
      .default({})
      .describe("e-mail addresses by who they are")
      .meta({ examples: [{ devops: "devops@coinestate.io" }] }),
    emailSeverities: z
      .record(
        keyName(20, "recipient"),
        distinct(z.enum(severities))
          .min(1)
          .describe("severities that it is notified of")
          .meta({ examples: [["P0", "P1"]] }),
      )
      .default({})
      .describe("recipients that are notified only of some severities: a tracker, a status page; the others of all that go by e-mail")
      .meta({ examples: [{ "status-page": ["P0", "P1"] }] }),
    slack: z
      .strictObject({
        workspaceId: slackId("workspace, let in once by an administrator in the AWS console", "T0123456789"),
        channelId: slackId("channel", "C0123456789"),
        channelName: z
          .string()
          .regex(/^#[a-z0-9_-]{1,80}$/, { error: "channel name" })
          .optional()
          .describe("name of the channel, for people; in quotes")
          .meta({ examples: ["#deployment-alerts"] }),
      })
      .optional()
      .describe("Slack channel")
      .meta({ examples: [{ workspaceId: "T0123456789", channelId: "C0123456789", channelName: "#deployment-alerts" }] }),
    pagerDuty: z
      .strictObject({
        integrationKey: z
          .string()
          .min(1)
          .describe("key of the service's Amazon CloudWatch integration, set with `pulumi config set --secret --path`")
          .meta({ examples: ["(pulumi config set --secret)"] }),
      })
      .optional()
      .describe("PagerDuty service"),
    routes: z
      .strictObject({
        P0: route("P0", "complete outage or data loss: the ways it goes"),
        P1: route("P1", "a major part broken: the ways it goes"),
        P2: route("P2", "degraded: the ways it goes"),
        P3: route("P3", "cosmetic or a trend: the ways it goes"),
      })
      .prefault({})
      .describe("ways that each severity goes"),
    sendAllTo: z
      .enum(severities)
      .optional()
      .describe("everything goes to this severity's topic, so that a stack without users wakes nobody")
      .meta({ examples: ["P3"] }),
  })
  .prefault({})
  .describe("who is notified of alarms and events; nobody when no channel is named");

type Notifications = Immutable<z.output<typeof notifications>>;

/** Whether a stack tells anybody anything. */
export function notifies({ emails, slack, pagerDuty }: Notifications): boolean {
  return Object.keys(emails).length > 0 || slack !== undefined || pagerDuty !== undefined;
}

/** Whether a severity reaches the Slack channel. */
export function toldInSlack({ slack, routes, sendAllTo }: Notifications, severity: Severity): boolean {
  return slack !== undefined && routes[severity].includes("slack") && (sendAllTo === undefined || sendAllTo === severity);
}

/** Recipients by who they are, each with its severities where it has some of its own. */
export function emailRecipients({
  emails,
  emailSeverities,
}: Pick<Notifications, "emails" | "emailSeverities">): Record<string, EmailRecipient> {
  return Object.fromEntries(
    Object.entries(emails).map(([who, address]) => {
      const only = emailSeverities[who];
      return [who, only === undefined ? address : { address, severities: only }];
    }),
  );
}
