/** Topics that alarms and events are sent to, one per severity, and who is notified. */
import { Topic, type TopicArgs } from "@pulumi/aws/sns/topic.js";
import { TopicPolicy } from "@pulumi/aws/sns/topicPolicy.js";
import { TopicSubscription } from "@pulumi/aws/sns/topicSubscription.js";
import { type ComponentResourceOptions, type Input, interpolate, type Output, secret } from "@pulumi/pulumi";
import { type Severity, severities } from "../alarms/severity.ts";
import { Component } from "../component.ts";
import type { ArgumentProblem } from "../contract/argumentProblem.ts";
import { EncryptionKey } from "../encryption/encryptionKey.ts";
import type { InAccount, Tagged } from "../regional.ts";
import type { Transform } from "../transform.ts";
import { defaultRoutes, type EmailRecipient, type Routes, recipientsOf } from "./routes.ts";
import { topicPolicy, topicPublishers } from "./topicPolicy.ts";

/** A topic's ARN for each severity. */
export type TopicArns = Readonly<Record<Severity, Output<string>>>;

/** Arguments of `Notifications`. */
export interface NotificationsArgs extends Tagged, InAccount {
  /** AWS region; alarms reach only topics of their own. */
  readonly region: string;
  /** Whose alarms these are, as messages call it: `CoinEstate prod`. */
  readonly title: string;
  /** @default defaultRoutes */
  readonly routes?: Routes;
  /** Everything goes to this severity's topic: nobody is paged for a stack without users. @default each to its own */
  readonly sendAllTo?: Severity | undefined;
  /** E-mail recipients by who they are; each has to confirm once a topic. @default none */
  readonly emails?: Readonly<Record<string, EmailRecipient>>;
  /** Integration key of a PagerDuty service, a secret. @default no PagerDuty */
  readonly pagerDutyKey?: Input<string> | undefined;
  /** Changes to single children. @default none */
  readonly transform?: { readonly topic?: Transform<TopicArgs> };
}

/** Everything wrong with plain arguments. Slack is its own component; its routes are checked where it is declared. */
export function notificationsProblems(args: NotificationsArgs): ArgumentProblem[] {
  const { routes = defaultRoutes, emails = {}, pagerDutyKey, sendAllTo } = args;
  const problems: ArgumentProblem[] = [];
  for (const severity of sendAllTo === undefined ? severities : [sendAllTo]) {
    const used = routes[severity];
    if (used.length === 0) problems.push({ propertyPath: `routes.${severity}`, reason: "is empty; give one channel at least" });
    if (used.includes("pagerDuty") && pagerDutyKey === undefined)
      problems.push({ propertyPath: `routes.${severity}`, reason: "names pagerDuty without a pagerDutyKey" });
    if (used.includes("email") && recipientsOf(emails, severity).length === 0)
      problems.push({ propertyPath: `routes.${severity}`, reason: "names email without an address in emails" });
  }
  return problems;
}

/**
 * Four topics of one region on a key of their own: alarms cannot publish through AWS's own SNS key. Each severity's subscribers
 * follow its routes; Slack subscribes by `SlackChannel`, which takes the topics of all regions.
 *
 * @throws InputPropertiesError naming every argument that cannot be used
 */
export class Notifications extends Component {
  /** Where a message of each severity is sent. */
  readonly topicArns: TopicArns;
  /** Key that publishers besides the named services need to use. */
  readonly keyArn: Output<string>;

  constructor(name: string, args: NotificationsArgs, opts?: ComponentResourceOptions) {
    super("slipway:notifications:Notifications", name, args, opts, notificationsProblems(args));
    const { region, accountId, title, routes = defaultRoutes, sendAllTo, emails = {}, pagerDutyKey } = args;
    const key = this.child(EncryptionKey, `${name}-key`, { accountId, description: `${title}: notifications`, users: topicPublishers });
    const topic = (severity: Severity): Output<string> => {
      const child = `${name}-${severity}`;
      const made = this.child(
        Topic,
        child,
        { displayName: `${title} ${severity}`, kmsMasterKeyId: key.arn },
        { transform: args.transform?.topic },
      );
      const policy = made.arn.apply((arn) => JSON.stringify(topicPolicy(arn, { region, accountId })));
      this.child(TopicPolicy, child, { arn: made.arn, policy });
      if (sendAllTo === undefined || sendAllTo === severity)
        this.#subscribe(child, made.arn, severity, { region, routes, emails, pagerDutyKey });
      return made.arn;
    };
    const own: TopicArns = { P0: topic("P0"), P1: topic("P1"), P2: topic("P2"), P3: topic("P3") };
    const all = sendAllTo === undefined ? undefined : own[sendAllTo];
    this.topicArns = all === undefined ? own : { P0: all, P1: all, P2: all, P3: all };
    this.keyArn = key.arn;
    this.registerOutputs({ topicArns: this.topicArns, keyArn: this.keyArn });
  }

  #subscribe(name: string, topic: Output<string>, severity: Severity, { routes, emails, pagerDutyKey }: Subscribers): void {
    const route = routes[severity];
    if (route.includes("email")) {
      for (const [who, endpoint] of recipientsOf(emails, severity))
        this.child(TopicSubscription, `${name}-email-${who}`, { topic, protocol: "email", endpoint });
    }
    if (route.includes("pagerDuty") && pagerDutyKey !== undefined) {
      const endpoint = secret(interpolate`https://events.pagerduty.com/integration/${pagerDutyKey}/enqueue`);
      // PagerDuty answers SNS's question for confirmation by itself.
      this.child(
        TopicSubscription,
        `${name}-pager-duty`,
        { topic, protocol: "https", endpoint, endpointAutoConfirms: true },
        { additionalSecretOutputs: ["endpoint"] },
      );
    }
  }
}

type Subscribers = Required<Pick<NotificationsArgs, "region" | "routes" | "emails">> & Pick<NotificationsArgs, "pagerDutyKey">;
