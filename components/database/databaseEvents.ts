/** Who is told of what RDS does to a database server, or finds: things that are over before a metric shows them. */
import { EventRule } from "@pulumi/aws/cloudwatch/eventRule.js";
import { EventTarget } from "@pulumi/aws/cloudwatch/eventTarget.js";
import { type ComponentResourceOptions, type Input, jsonStringify } from "@pulumi/pulumi";
import type { Severity } from "../alarms/severity.ts";
import { Component, type Regional } from "../component.ts";

/** Arguments of `DatabaseEvents`. */
export interface DatabaseEventsArgs extends Regional {
  /** Physical names of the PostgreSQL instances of the region, replicas among them. */
  readonly identifiers: readonly Input<string>[];
  /** Topic of each severity in the same region; its policy and its key have to let `events.amazonaws.com` publish. */
  readonly topicArns: Readonly<Record<Told, Input<string>>>;
}

/** Severities that an event can have: a server that is down rings by its own alarm. */
type Told = Extract<Severity, "P2" | "P3">;

/** RDS's categories by how bad they are: backups, creations and changes are what somebody asked for. */
const categories: Readonly<Record<Told, readonly string[]>> = {
  P2: ["failover", "failure", "low storage", "read replica"],
  P3: ["maintenance"],
};

/**
 * Events by EventBridge, which topics and keys of alarms let in already; an event subscription of RDS would be one publisher more for
 * the same events. They are sent as they are: chat shows events of AWS that it knows, and nothing that was rewritten.
 */
export class DatabaseEvents extends Component {
  /** The real resources. */
  readonly nodes: { readonly rules: Readonly<Record<Told, EventRule>> };

  constructor(name: string, args: DatabaseEventsArgs, opts?: ComponentResourceOptions) {
    super("slipway:database:DatabaseEvents", name, args, opts);
    const { identifiers, topicArns } = args;
    const rule = (severity: Told): EventRule => {
      const child = `${name}-${severity.toLowerCase()}`;
      const made = this.child(EventRule, child, {
        description: `${name}: RDS tells of ${categories[severity].join(", ")}`,
        eventPattern: jsonStringify({
          source: ["aws.rds"],
          "detail-type": ["RDS DB Instance Event"],
          detail: { SourceIdentifier: identifiers, EventCategories: categories[severity] },
        }),
      });
      this.child(EventTarget, child, { rule: made.name, targetId: "topic", arn: topicArns[severity] });
      return made;
    };
    this.nodes = { rules: { P2: rule("P2"), P3: rule("P3") } };
    this.registerOutputs();
  }
}
