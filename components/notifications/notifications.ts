/** Topics that alarms and events are sent to, one per severity, and who is notified. */
import { Topic, type TopicArgs } from "@pulumi/aws/sns/topic.js";
import { TopicPolicy } from "@pulumi/aws/sns/topicPolicy.js";
import { TopicSubscription } from "@pulumi/aws/sns/topicSubscription.js";
import { type ComponentResourceOptions, type Input, interpolate, type Output, secret } from "@pulumi/pulumi";
import { type Severity, severities } from "../alarms/severity.ts";
import { Component, type InAccount, type Regional, type Transformable } from "../component.ts";
import { type Accepted, accepted, type Given } from "../contract/accepted.ts";
import { holds } from "../contract/rule.ts";
import { topicPublishers } from "../encryption/contract.ts";
import { EncryptionKey } from "../encryption/encryptionKey.ts";
import { notifications, recipientsOf, routeRules } from "./contract.ts";
import { topicPolicy } from "./topicPolicy.ts";

/** A topic's ARN for each severity. */
export type TopicArns = Readonly<Record<Severity, Output<string>>>;

/** Arguments of `Notifications`, in the region of the alarms, which reach only topics of their own: those of its contract, and these. */
export interface NotificationsArgs extends Given<typeof notifications>, Regional, InAccount, Transformable<{ topic: TopicArgs }> {
  /** Whose alarms these are, as messages call it: `CoinEstate prod`. */
  readonly title: string;
  /** Integration key of a PagerDuty service, a secret. @default no PagerDuty */
  readonly pagerDutyKey?: Input<string> | undefined;
}

/**
 * Four topics of one region on a key of their own: alarms cannot publish through AWS's own SNS key. Each severity's subscribers
 * follow its routes; Slack subscribes by `SlackChannel`, which takes the topics of all regions.
 *
 * @throws InputPropertiesError naming every argument that cannot be used
 */
export class Notifications extends Component {
  /** The real resources. */
  readonly nodes: { readonly topics: Readonly<Record<Severity, Topic>> };
  /** Where a message of each severity is sent. */
  readonly topicArns: TopicArns;
  /** Physical names of the topics that have subscribers. */
  readonly topicNames: readonly Output<string>[];
  /** Key that publishers besides the named services need to use. */
  readonly keyArn: Output<string>;

  constructor(name: string, args: NotificationsArgs, opts?: ComponentResourceOptions) {
    const { region, accountId, title, pagerDutyKey } = args;
    // Slack is a component of its own, and routes to it are good here.
    const channels = { pagerDuty: pagerDutyKey !== undefined, slack: true };
    const notified = accepted(name, notifications.superRefine(holds((fields) => routeRules(fields, channels))), args);
    super("slipway:notifications:Notifications", name, args, opts);
    const { sendAllTo } = notified;
    const key = this.child(EncryptionKey, `${name}-key`, { accountId, description: `${title}: notifications`, users: topicPublishers });
    const topic = (severity: Severity): Topic => {
      const child = `${name}-${severity}`;
      const made = this.child(
        Topic,
        child,
        { displayName: `${title} ${severity}`, kmsMasterKeyId: key.arn },
        { transform: args.transform?.topic },
      );
      const policy = made.arn.apply((arn) => JSON.stringify(topicPolicy(arn, { region, accountId })));
      this.child(TopicPolicy, child, { arn: made.arn, policy });
      if (sendAllTo === undefined || sendAllTo === severity) this.#subscribe(child, made.arn, severity, { ...notified, pagerDutyKey });
      return made;
    };
    const topics = { P0: topic("P0"), P1: topic("P1"), P2: topic("P2"), P3: topic("P3") };
    const own: TopicArns = { P0: topics.P0.arn, P1: topics.P1.arn, P2: topics.P2.arn, P3: topics.P3.arn };
    this.nodes = { topics };
    const all = sendAllTo === undefined ? undefined : own[sendAllTo];
    this.topicArns = all === undefined ? own : { P0: all, P1: all, P2: all, P3: all };
    this.topicNames = (sendAllTo === undefined ? severities : [sendAllTo]).map((severity) => topics[severity].name);
    this.keyArn = key.arn;
    this.registerOutputs({ topicArns: this.topicArns, keyArn: this.keyArn });
  }

  #subscribe(name: string, topic: Output<string>, severity: Severity, { pagerDutyKey, ...notified }: Subscribers): void {
    const route = notified.routes[severity];
    if (route.includes("email")) {
      for (const [who, endpoint] of recipientsOf(notified, severity))
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

type Subscribers = Accepted<typeof notifications> & Pick<NotificationsArgs, "pagerDutyKey">;
