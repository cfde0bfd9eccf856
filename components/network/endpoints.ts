/** Private ways to AWS services. */
import { SecurityGroup } from "@pulumi/aws/ec2/securityGroup.js";
import { VpcEndpoint } from "@pulumi/aws/ec2/vpcEndpoint.js";
import { SecurityGroupIngressRule } from "@pulumi/aws/vpc/securityGroupIngressRule.js";
import { ComponentResource, type ComponentResourceOptions, type Input } from "@pulumi/pulumi";
import type { Regional } from "../regional.ts";
import { named } from "../tags.ts";

/** Arguments of `Endpoints`. */
export interface EndpointsArgs extends Regional {
  readonly vpcId: Input<string>;
  /** Addresses that may use the interface endpoints. */
  readonly cidrBlock: string;
  /** Services with a gateway endpoint. */
  readonly gateway: readonly ("s3" | "dynamodb")[];
  /** Route tables that lead to the gateway endpoints. */
  readonly routeTableIds: readonly Input<string>[];
  /** Services with an interface endpoint, by their own names such as `ecr.api`. */
  readonly interface: readonly string[];
  /** Subnets in which interface endpoints stand. */
  readonly subnetIds: readonly Input<string>[];
}

/** Gateway and interface endpoints keyed by service. The interface endpoints accept HTTPS from inside the VPC only. */
export class Endpoints extends ComponentResource {
  constructor(name: string, args: EndpointsArgs, opts?: ComponentResourceOptions) {
    super("slipway:network:Endpoints", name, {}, opts);
    const { region, vpcId, tags } = args;
    for (const service of args.gateway) {
      new VpcEndpoint(
        `${name}-${service}`,
        {
          region,
          vpcId,
          serviceName: `com.amazonaws.${region}.${service}`,
          vpcEndpointType: "Gateway",
          routeTableIds: [...args.routeTableIds],
          tags: named(`${name}-${service}`, tags),
        },
        { parent: this },
      );
    }
    if (args.interface.length > 0) {
      const group = this.#securityGroup(name, args);
      for (const service of args.interface) {
        new VpcEndpoint(
          `${name}-${service}`,
          {
            region,
            vpcId,
            serviceName: `com.amazonaws.${region}.${service}`,
            vpcEndpointType: "Interface",
            privateDnsEnabled: true,
            subnetIds: [...args.subnetIds],
            securityGroupIds: [group.id],
            tags: named(`${name}-${service}`, tags),
          },
          { parent: this },
        );
      }
    }
    this.registerOutputs();
  }

  #securityGroup(name: string, { region, vpcId, cidrBlock, tags }: EndpointsArgs): SecurityGroup {
    const group = new SecurityGroup(
      name,
      { region, vpcId, description: "Interface endpoints: HTTPS from inside the VPC", tags: named(name, tags) },
      { parent: this },
    );
    new SecurityGroupIngressRule(
      `${name}-https`,
      {
        region,
        securityGroupId: group.id,
        description: "HTTPS from the VPC",
        ipProtocol: "tcp",
        fromPort: 443,
        toPort: 443,
        cidrIpv4: cidrBlock,
        tags: named(`${name}-https`, tags),
      },
      { parent: this },
    );
    return group;
  }
}
