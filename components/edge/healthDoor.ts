/** A way in for Route 53's health checkers, which are not the edge: one host name that tells whether the load balancer answers. */
import { getManagedPrefixListOutput } from "@pulumi/aws/ec2/getManagedPrefixList.js";
import { ListenerRule } from "@pulumi/aws/lb/listenerRule.js";
import { SecurityGroupIngressRule } from "@pulumi/aws/vpc/securityGroupIngressRule.js";
import type { ComponentResourceOptions, Input } from "@pulumi/pulumi";
import { Component, type Regional } from "../component.ts";
import { accepted, type Given } from "../contract/accepted.ts";
import { healthDoor } from "./contract.ts";

/** Arguments of `HealthDoor`: those of its contract, and these. */
export interface HealthDoorArgs extends Given<typeof healthDoor>, Regional {
  readonly securityGroupId: Input<string>;
  readonly listenerArn: Input<string>;
}

/**
 * Lets Route 53's own address list connect, and answers 200 on one exact path of one host. No target is asked, so nothing
 * moves here when traffic moves; whether the targets are well is what the alarms on their groups tell.
 *
 * @throws InputPropertiesError naming every argument that cannot be used
 */
export class HealthDoor extends Component {
  /** The real resources. */
  readonly nodes: { readonly rule: ListenerRule; readonly ingress: SecurityGroupIngressRule };
  readonly host: string;
  readonly path: string;

  constructor(name: string, args: HealthDoorArgs, opts?: ComponentResourceOptions) {
    const { host, path, priority } = accepted(name, healthDoor, args);
    super("slipway:edge:HealthDoor", name, args, opts);
    const { region } = args;
    this.host = host;
    this.path = path;
    const checkers = getManagedPrefixListOutput({ region, name: `com.amazonaws.${region}.route53-healthchecks` }, { parent: this });
    const ingress = this.child(SecurityGroupIngressRule, name, {
      securityGroupId: args.securityGroupId,
      description: "HTTPS from Route 53 health checkers",
      ipProtocol: "tcp",
      fromPort: 443,
      toPort: 443,
      prefixListId: checkers.id,
    });
    const rule = this.child(ListenerRule, name, {
      listenerArn: args.listenerArn,
      priority,
      conditions: [{ hostHeader: { values: [this.host] } }, { pathPattern: { values: [this.path] } }],
      actions: [{ type: "fixed-response", fixedResponse: { contentType: "text/plain", statusCode: "200", messageBody: "ok" } }],
    });
    this.nodes = { rule, ingress };
    this.registerOutputs();
  }
}
