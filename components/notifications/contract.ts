/** Who is notified of what. */
import { type Severity, severities } from "../alarms/severity.ts";
import type { Accepted } from "../contract/accepted.ts";
import { distinct, keyName, mapByName, matching, settings } from "../contract/fields.ts";
import type { BrokenRule } from "../contract/rule.ts";
import { z } from "../contract/zod.ts";

const slackId = (description: string, example: string) =>
  matching(/^[0-9A-Z]{1,255}$/, "Slack id", description).meta({ examples: [example] });

/** A channel that is notified. */
export const slackChannel = z.strictObject({
  configurationName: matching(
    /^[A-Za-z0-9_-]{1,128}$/,
    "configuration name",
    "name of the configuration, unique in the account: letters, digits, hyphens and underscores, at most 128",
  ),
  workspaceId: slackId("workspace, let in once by an administrator in the AWS console", "T0123456789"),
  channelId: slackId("channel", "C0123456789"),
});

/** Ways to reach people. */
const channels = ["pagerDuty", "slack", "email"] as const;

const route = (usual: readonly (typeof channels)[number][], what: string) =>
  distinct(z.enum(channels).describe("pagerDuty, slack or email"))
    .default([...usual])
    .describe(`${what}: the ways it goes`);

/** The topics of a region. P0 and P1 wake somebody, P2 is read in the working day, P3 by mail. */
export const notifications = z.strictObject({
  emails: mapByName(
    "e-mail addresses by who they are",
    keyName(20, "recipient"),
    z
      .email({ error: "e-mail address" })
      .describe("e-mail address; it has to confirm once a topic")
      .meta({ examples: ["devops@coinestate.io"] }),
    { devops: "devops@coinestate.io" },
  ),
  emailSeverities: mapByName(
    "recipients that are notified only of some severities: a tracker, a status page; the others of all that go by e-mail",
    keyName(20, "recipient"),
    distinct(z.enum(severities))
      .min(1)
      .describe("severities that it is notified of")
      .meta({ examples: [["P0", "P1"]] }),
    { "status-page": ["P0", "P1"] },
  ),
  routes: settings("ways that each severity goes", {
    P0: route(["pagerDuty", "slack", "email"], "complete outage or data loss"),
    P1: route(["pagerDuty", "slack"], "a major part broken"),
    P2: route(["slack"], "degraded"),
    P3: route(["email"], "cosmetic or a trend"),
  }),
  sendAllTo: z
    .enum(severities)
    .optional()
    .describe("everything goes to this severity's topic, so that a stack without users wakes nobody")
    .meta({ examples: ["P3"] }),
});

/** Who may be notified, and by which ways. */
type Notified = Accepted<typeof notifications>;

/** SSM parameter that tells of the last test of a stack's messages, in the stack's own region. */
export function alarmTestParameter({ system, environment }: { readonly system: string; readonly environment: string }): string {
  return `/slipway/${system}/${environment}/alarms/last-test`;
}

/** Where the chat application takes messages: it subscribes to topics by itself. */
export const chatEndpoint = "https://global.sns-api.chatbot.amazonaws.com";

/** Addresses that are notified of a severity, by who they are. */
export function recipientsOf({ emails, emailSeverities }: Pick<Notified, "emails" | "emailSeverities">, severity: Severity) {
  return Object.entries(emails).filter(([who]) => emailSeverities[who]?.includes(severity) !== false);
}

/** Severities of nobody, and routes that lead nowhere. @param made channels that are there besides e-mail */
export function routeRules(notified: Notified, made: { readonly pagerDuty: boolean; readonly slack: boolean }): BrokenRule[] {
  const { emails, emailSeverities, routes, sendAllTo } = notified;
  const strangers = Object.keys(emailSeverities).filter((who) => emails[who] === undefined);
  const unknown = strangers.map((who): BrokenRule => {
    const path = ["emailSeverities", who];
    return { path, found: "is not among emails", allowed: `one of ${Object.keys(emails).join(", ")}`, fix: { path } };
  });
  const nowhere = (sendAllTo === undefined ? severities : [sendAllTo]).flatMap((severity): BrokenRule[] => {
    const path = ["routes", severity];
    const there = { ...made, email: recipientsOf(notified, severity).length > 0 };
    const usable = channels.filter((channel) => there[channel]);
    const absent = routes[severity].filter((channel) => !there[channel]);
    const fix = { path: [...path, 0], choose: (usable.length > 0 ? usable : channels).join(" or ") };
    if (routes[severity].length === 0) return [{ path, found: "is empty", allowed: "one channel at least", fix }];
    if (absent.length === 0) return [];
    const usual = notifications.shape.routes.parse({})[severity];
    const whose = usual.join() === routes[severity].join() ? "has by default" : "has";
    const found = `${whose} ${absent.join(" and ")}, which notifications does not configure` as const;
    const reason = "what goes that way reaches nobody";
    return [{ path, found, reason, allowed: `one or more of ${usable.join(", ")}, or configure ${absent.join(" and ")}` }];
  });
  return [...unknown, ...nowhere];
}
