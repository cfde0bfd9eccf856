/** Ways out to the internet for private subnets. */
import { Eip } from "@pulumi/aws/ec2/eip.js";
import { NatGateway } from "@pulumi/aws/ec2/natGateway.js";
import { Route } from "@pulumi/aws/ec2/route.js";
import type { ComponentResourceOptions, Input, Output, Resource } from "@pulumi/pulumi";
import { Component, type Regional } from "../component.ts";
import type { Accepted } from "../contract/accepted.ts";
import type { natGateways } from "./contract.ts";

/** Arguments of `NatGateways`. */
export interface NatGatewaysArgs extends Regional {
  /** One in every zone survives the loss of a zone; a single one costs a third; none leaves private subnets without a way out. */
  readonly placement: Accepted<typeof natGateways>;
  /** Zone in which a single one stands. @default the first by name */
  readonly zone?: string | undefined;
  /** Gateway that they send through: they come after it and go before it. */
  readonly internetGateway: Resource;
  /** Zones with the subnet that a gateway stands in and the table that leads to it. */
  readonly zones: readonly { readonly zone: string; readonly publicSubnetId: Input<string>; readonly privateRouteTableId: Input<string> }[];
}

/**
 * NAT gateways keyed by zone, and a default route from every private route table to the nearest one.
 * A single gateway stands in the first zone by name, or in the one that is given: who calls from its address stays known to others.
 */
export class NatGateways extends Component {
  /** Ids of the gateways, by zone. */
  readonly ids: Readonly<Record<string, Output<string>>>;

  constructor(name: string, args: NatGatewaysArgs, opts?: ComponentResourceOptions) {
    super("slipway:network:NatGateways", name, args, opts);
    const [first] = args.zones;
    const single = args.zones.find(({ zone }) => zone === args.zone) ?? first;
    const places = args.placement === "perZone" ? args.zones : args.placement === "single" && single !== undefined ? [single] : [];
    const gateways = new Map(places.map(({ zone, publicSubnetId }) => [zone, this.#gateway(name, args, zone, publicSubnetId)]));
    const [shared] = gateways.values();
    for (const { zone, privateRouteTableId } of args.zones) {
      const gateway = gateways.get(zone) ?? shared;
      if (gateway === undefined) continue;
      this.child(Route, `${name}-${zone}`, {
        routeTableId: privateRouteTableId,
        destinationCidrBlock: "0.0.0.0/0",
        natGatewayId: gateway.id,
      });
    }
    this.ids = Object.fromEntries([...gateways].map(([zone, { id }]) => [zone, id]));
    this.registerOutputs();
  }

  #gateway(name: string, { internetGateway }: NatGatewaysArgs, zone: string, subnetId: Input<string>): NatGateway {
    const address = this.child(Eip, `${name}-${zone}`, { domain: "vpc" });
    return this.child(NatGateway, `${name}-${zone}`, { subnetId, allocationId: address.allocationId }, { dependsOn: [internetGateway] });
  }
}
