/** What Route 53's health checkers ask, which are not the edge: one host name that tells whether the load balancer answers. */
import { ListenerRule } from "@pulumi/aws/lb/listenerRule.js";
import type { ComponentResourceOptions, Input } from "@pulumi/pulumi";
import { Component, type Regional } from "../component.ts";
import { accepted, type Given } from "../contract/accepted.ts";
import { healthDoor } from "./contract.ts";

/** Arguments of `HealthDoor`: those of its contract, and these. */
export interface HealthDoorArgs extends Given<typeof healthDoor>, Regional {
  readonly listenerArn: Input<string>;
}

/**
 * Answers 200 on one exact path of one host; `HealthCheckIngress` lets the checkers connect. No target is asked, so nothing
 * moves here when traffic moves; whether the targets are well is what the alarms on their groups tell.
 *
 * @throws InputPropertiesError naming every argument that cannot be used
 */
export class HealthDoor extends Component {
  /** The real resources. */
  readonly nodes: { readonly rule: ListenerRule };
  readonly host: string;
  readonly path: string;

  constructor(name: string, args: HealthDoorArgs, opts?: ComponentResourceOptions) {
    const { host, path, priority } = accepted(name, healthDoor, args);
    super("slipway:edge:HealthDoor", name, args, opts);
    this.host = host;
    this.path = path;
    const rule = this.child(ListenerRule, name, {
      listenerArn: args.listenerArn,
      priority,
      conditions: [{ hostHeader: { values: [this.host] } }, { pathPattern: { values: [this.path] } }],
      actions: [{ type: "fixed-response", fixedResponse: { contentType: "text/plain", statusCode: "200", messageBody: "ok" } }],
    });
    this.nodes = { rule };
    this.registerOutputs();
  }
}
