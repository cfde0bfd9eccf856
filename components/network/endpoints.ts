/** Private ways to AWS services. */
import { SecurityGroup } from "@pulumi/aws/ec2/securityGroup.js";
import { VpcEndpoint } from "@pulumi/aws/ec2/vpcEndpoint.js";
import { SecurityGroupIngressRule } from "@pulumi/aws/vpc/securityGroupIngressRule.js";
import type { ComponentResourceOptions, Input } from "@pulumi/pulumi";
import { Component, type Regional } from "../component.ts";

/** Arguments of `Endpoints`. */
export interface EndpointsArgs extends Regional {
  readonly vpcId: Input<string>;
  /** Addresses that may use the interface endpoints. */
  readonly cidrBlock: string;
  /** Services with a gateway endpoint. */
  readonly gateway: readonly string[];
  /** Route tables that lead to the gateway endpoints. */
  readonly routeTableIds: readonly Input<string>[];
  /** Services with an interface endpoint, by their own names such as `ecr.api`. */
  readonly interface: readonly string[];
  /** Subnets in which interface endpoints stand. */
  readonly subnetIds: readonly Input<string>[];
}

/** Gateway and interface endpoints keyed by service. The interface endpoints accept HTTPS from inside the VPC only. */
export class Endpoints extends Component {
  constructor(name: string, args: EndpointsArgs, opts?: ComponentResourceOptions) {
    super("slipway:network:Endpoints", name, args, opts);
    const { region, vpcId } = args;
    for (const service of args.gateway) {
      this.child(VpcEndpoint, `${name}-${service}`, {
        vpcId,
        serviceName: `com.amazonaws.${region}.${service}`,
        vpcEndpointType: "Gateway",
        routeTableIds: [...args.routeTableIds],
      });
    }
    if (args.interface.length > 0) {
      const group = this.#securityGroup(name, args);
      for (const service of args.interface) {
        this.child(VpcEndpoint, `${name}-${service}`, {
          vpcId,
          serviceName: `com.amazonaws.${region}.${service}`,
          vpcEndpointType: "Interface",
          privateDnsEnabled: true,
          subnetIds: [...args.subnetIds],
          securityGroupIds: [group.id],
        });
      }
    }
    this.registerOutputs();
  }

  #securityGroup(name: string, { vpcId, cidrBlock }: EndpointsArgs): SecurityGroup {
    const group = this.child(SecurityGroup, name, { vpcId, description: "Interface endpoints: HTTPS from inside the VPC" });
    this.child(SecurityGroupIngressRule, `${name}-https`, {
      securityGroupId: group.id,
      description: "HTTPS from the VPC",
      ipProtocol: "tcp",
      fromPort: 443,
      toPort: 443,
      cidrIpv4: cidrBlock,
    });
    return group;
  }
}
