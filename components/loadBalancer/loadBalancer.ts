/** The public way in: an application load balancer that speaks TLS 1.2 or newer and forwards nothing by default. */
import { SecurityGroup } from "@pulumi/aws/ec2/securityGroup.js";
import { Listener, type ListenerArgs } from "@pulumi/aws/lb/listener.js";
import { LoadBalancer as Alb, type LoadBalancerArgs as AlbArgs } from "@pulumi/aws/lb/loadBalancer.js";
import { SecurityGroupIngressRule } from "@pulumi/aws/vpc/securityGroupIngressRule.js";
import type { ComponentResourceOptions, Input, Output } from "@pulumi/pulumi";
import { allOf, Component, type Regional, type Transformable } from "../component.ts";
import { accepted, type Given } from "../contract/accepted.ts";
import type { ArgumentProblem } from "../contract/argumentProblem.ts";
import { loadBalancer } from "./contract.ts";

/** Arguments of `LoadBalancer`: those of its contract, and these. */
export interface LoadBalancerArgs
  extends Given<typeof loadBalancer>,
    Regional,
    Transformable<{ loadBalancer: AlbArgs; https: ListenerArgs; http: ListenerArgs }> {
  /** Where it stands: in the public subnets, of at least two zones. */
  readonly network: { readonly vpcId: Input<string>; readonly subnetIds: { readonly public: readonly Input<string>[] } };
  /** ARN of an issued certificate. */
  readonly certificateArn: Input<string>;
  /** Prefix lists that may connect on 443, by a short name. @default none */
  readonly allowPrefixLists?: Readonly<Record<string, Input<string>>> | undefined;
  /** Bucket that access logs are delivered to; its policy must allow it already. */
  readonly accessLogBucket: Input<string>;
}

/** Policy that refuses everything below TLS 1.2 and prefers TLS 1.3. */
const tlsPolicy = "ELBSecurityPolicy-TLS13-1-2-2021-06";

/** What the values of other resources have to be. */
function wayInProblems({ allowFrom, allowPrefixLists = {}, network: { subnetIds } }: LoadBalancerArgs): ArgumentProblem[] {
  const problems: ArgumentProblem[] = [];
  if (allowFrom.length + Object.keys(allowPrefixLists).length === 0)
    problems.push({ propertyPath: "allowFrom", reason: "is empty; name at least one address block" });
  if (subnetIds.public.length < 2)
    problems.push({
      propertyPath: "network.subnetIds.public",
      reason: `has ${subnetIds.public.length} subnets; give subnets in at least two zones`,
    });
  return problems;
}

/**
 * Listener on 443 that answers 404 to what no rule takes, and listener on 80 that redirects to it. Invalid headers are
 * dropped, suspicious requests are not passed on, access is logged.
 *
 * @throws InputPropertiesError naming every argument that cannot be used
 */
export class LoadBalancer extends Component {
  /** The real resources. */
  readonly nodes: { readonly loadBalancer: Alb; readonly https: Listener; readonly http: Listener; readonly securityGroup: SecurityGroup };
  readonly arn: Output<string>;
  /** Part of the ARN that metrics and scaling policies use. */
  readonly arnSuffix: Output<string>;
  readonly dnsName: Output<string>;
  /** Hosted zone of the DNS name, for alias records. */
  readonly zoneId: Output<string>;
  readonly securityGroupId: Output<string>;
  /** Listener that services add their rules to. */
  readonly httpsListenerArn: Output<string>;

  constructor(name: string, args: LoadBalancerArgs, opts?: ComponentResourceOptions) {
    const { allowFrom, idleTimeoutSeconds, deletionProtection } = accepted(name, loadBalancer, args, wayInProblems(args));
    super("slipway:loadBalancer:LoadBalancer", name, args, opts);
    const group = this.#securityGroup(name, allowFrom, args);
    const balancer = this.child(
      Alb,
      name,
      {
        loadBalancerType: "application",
        internal: false,
        subnets: [...args.network.subnetIds.public],
        securityGroups: [group.id],
        idleTimeout: idleTimeoutSeconds,
        enableDeletionProtection: deletionProtection,
        dropInvalidHeaderFields: true,
        desyncMitigationMode: "defensive",
        xffHeaderProcessingMode: "append",
        accessLogs: { bucket: args.accessLogBucket, enabled: true },
      },
      // Facing the internet it needs the gateway there.
      { transform: args.transform?.loadBalancer, dependsOn: allOf(args.network) },
    );
    const https = this.child(
      Listener,
      `${name}-https`,
      {
        loadBalancerArn: balancer.arn,
        port: 443,
        protocol: "HTTPS",
        sslPolicy: tlsPolicy,
        certificateArn: args.certificateArn,
        defaultActions: [
          { type: "fixed-response", fixedResponse: { contentType: "text/plain", statusCode: "404", messageBody: "not found" } },
        ],
      },
      { transform: args.transform?.https },
    );
    const http = this.child(
      Listener,
      `${name}-http`,
      {
        loadBalancerArn: balancer.arn,
        port: 80,
        protocol: "HTTP",
        defaultActions: [{ type: "redirect", redirect: { protocol: "HTTPS", port: "443", statusCode: "HTTP_301" } }],
      },
      { transform: args.transform?.http },
    );

    this.nodes = { loadBalancer: balancer, https, http, securityGroup: group };
    this.arn = balancer.arn;
    this.arnSuffix = balancer.arnSuffix;
    this.dnsName = balancer.dnsName;
    this.zoneId = balancer.zoneId;
    this.securityGroupId = group.id;
    this.httpsListenerArn = https.arn;
    this.registerOutputs({ arn: this.arn, dnsName: this.dnsName });
  }

  #securityGroup(name: string, allowFrom: readonly string[], { network, allowPrefixLists }: LoadBalancerArgs): SecurityGroup {
    const { vpcId } = network;
    const group = this.child(SecurityGroup, name, { vpcId, description: "Load balancer: HTTP and HTTPS in, services out" });
    for (const block of allowFrom) {
      for (const [protocol, port] of [
        ["http", 80],
        ["https", 443],
      ] as const) {
        const rule = `${name}-${protocol}-${block.replace("/", "_")}`;
        this.child(SecurityGroupIngressRule, rule, {
          securityGroupId: group.id,
          description: `${protocol.toUpperCase()} from ${block}`,
          ipProtocol: "tcp",
          fromPort: port,
          toPort: port,
          cidrIpv4: block,
        });
      }
    }
    for (const [key, prefixListId] of Object.entries(allowPrefixLists ?? {})) {
      const rule = `${name}-https-${key}`;
      const from = { description: `HTTPS from the prefix list ${key}`, ipProtocol: "tcp", fromPort: 443, toPort: 443, prefixListId };
      this.child(SecurityGroupIngressRule, rule, { securityGroupId: group.id, ...from });
    }
    return group;
  }
}
