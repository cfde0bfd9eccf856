/** The VPC: public, private and isolated subnets in each zone, ways out, private endpoints, flow logs. */
import { DefaultSecurityGroup, type DefaultSecurityGroupArgs } from "@pulumi/aws/ec2/defaultSecurityGroup.js";
import { InternetGateway } from "@pulumi/aws/ec2/internetGateway.js";
import { Route } from "@pulumi/aws/ec2/route.js";
import { RouteTable } from "@pulumi/aws/ec2/routeTable.js";
import { RouteTableAssociation } from "@pulumi/aws/ec2/routeTableAssociation.js";
import { Subnet, type SubnetArgs } from "@pulumi/aws/ec2/subnet.js";
import { Vpc, type VpcArgs } from "@pulumi/aws/ec2/vpc.js";
import type { ComponentResourceOptions, Input, Output } from "@pulumi/pulumi";
import { Component, type InAccount, type Tagged, type Transformable } from "../component.ts";
import { accepted, type Given } from "../contract/accepted.ts";
import { named } from "../tags.ts";
import { subnetBlock, type Tier, tiers } from "./addresses.ts";
import { network } from "./contract.ts";
import { Endpoints } from "./endpoints.ts";
import { FlowLogs } from "./flowLogs.ts";
import { NatGateways } from "./natGateways.ts";

/** Arguments of `Network`: those of its contract, and these. */
export interface NetworkArgs
  extends Given<typeof network>,
    Tagged,
    InAccount,
    Transformable<{ vpc: VpcArgs; subnet: SubnetArgs; defaultSecurityGroup: DefaultSecurityGroupArgs }> {
  /** Zone in which a single NAT gateway stands, such as the one in which it stands already. @default the first by name */
  readonly natZone?: string | undefined;
  /** Key that encrypts the record of connections. @default AWS's own */
  readonly keyArn?: Input<string> | undefined;
}

/**
 * A VPC over two or three zones. Subnets are keyed by tier and zone, so adding or reordering zones moves none of the
 * others. The default security group has no rules; nothing is reachable that was not asked for.
 *
 * @throws InputPropertiesError naming every argument that cannot be used
 */
export class Network extends Component {
  /** The real resources. */
  readonly nodes: { readonly vpc: Vpc; readonly subnets: Readonly<Record<Tier, Readonly<Record<string, Subnet>>>> };
  readonly vpcId: Output<string>;
  /** Subnet ids by tier, in the order of zone names. */
  readonly subnetIds: Readonly<Record<Tier, Output<string>[]>>;
  /** Where data stores stand: the isolated subnets by zone. */
  readonly isolated: { readonly vpcId: Output<string>; readonly subnetIds: Readonly<Record<string, Output<string>>> };
  /** Ids of the NAT gateways, by zone; empty where there are none. */
  readonly natGatewayIds: Readonly<Record<string, Output<string>>>;

  constructor(name: string, args: NetworkArgs, opts?: ComponentResourceOptions) {
    const given = accepted(name, network, args);
    super("slipway:network:Network", name, args, opts);
    const zones = given.zones.toSorted();
    const vpc = this.#vpc(name, args);
    this.#closeDefaultSecurityGroup(name, args, vpc);
    const subnets = this.#subnets(name, args, vpc, zones);
    const internet = this.child(InternetGateway, `${name}-internet`, { vpcId: vpc.id });
    const publicTable = this.#routeTable(name, vpc, "public");
    this.child(Route, `${name}-public-internet`, {
      routeTableId: publicTable.id,
      destinationCidrBlock: "0.0.0.0/0",
      gatewayId: internet.id,
    });
    const isolatedTable = this.#routeTable(name, vpc, "isolated");
    const privateTables = new Map(zones.map((zone) => [zone, this.#routeTable(name, vpc, `private-${zone}`)]));
    for (const zone of zones) {
      this.#associate(name, subnets.public[zone], publicTable, `public-${zone}`);
      this.#associate(name, subnets.private[zone], privateTables.get(zone), `private-${zone}`);
      this.#associate(name, subnets.isolated[zone], isolatedTable, `isolated-${zone}`);
    }
    const nat = this.child(NatGateways, `${name}-nat`, {
      placement: given.natGateways,
      zone: args.natZone,
      internetGateway: internet,
      zones: zones.flatMap((zone) => {
        const [subnet, table] = [subnets.public[zone], privateTables.get(zone)];
        return subnet === undefined || table === undefined ? [] : [{ zone, publicSubnetId: subnet.id, privateRouteTableId: table.id }];
      }),
    });
    this.child(Endpoints, `${name}-endpoints`, {
      vpcId: vpc.id,
      cidrBlock: args.cidrBlock,
      gateway: given.gatewayEndpoints,
      routeTableIds: [...privateTables.values(), isolatedTable].map((table) => table.id),
      interface: given.interfaceEndpoints,
      subnetIds: zones.flatMap((zone) => subnets.private[zone]?.id ?? []),
    });
    const { accountId, keyArn } = args;
    this.child(FlowLogs, `${name}-flow-logs`, { vpcId: vpc.id, ...given.flowLogs, accountId, keyArn });

    this.nodes = { vpc, subnets };
    this.vpcId = vpc.id;
    this.natGatewayIds = nat.ids;
    const ids = (tier: Tier) => zones.flatMap((zone) => subnets[tier][zone]?.id ?? []);
    this.subnetIds = { public: ids("public"), private: ids("private"), isolated: ids("isolated") };
    const isolated = Object.fromEntries(Object.entries(subnets.isolated).map(([zone, { id }]) => [zone, id]));
    this.isolated = { vpcId: vpc.id, subnetIds: isolated };
    this.registerOutputs({ vpcId: this.vpcId });
  }

  #vpc(name: string, args: NetworkArgs): Vpc {
    return this.child(
      Vpc,
      `${name}-vpc`,
      { cidrBlock: args.cidrBlock, enableDnsHostnames: true, enableDnsSupport: true, tags: named(name, args.tags) },
      { transform: args.transform?.vpc },
    );
  }

  #closeDefaultSecurityGroup(name: string, args: NetworkArgs, vpc: Vpc): void {
    this.child(
      DefaultSecurityGroup,
      `${name}-default`,
      { vpcId: vpc.id, ingress: [], egress: [], tags: named(`${name}-default-closed`, args.tags) },
      { transform: args.transform?.defaultSecurityGroup },
    );
  }

  #subnets(name: string, args: NetworkArgs, vpc: Vpc, zones: readonly string[]): Record<Tier, Record<string, Subnet>> {
    const inTier = (tier: Tier) =>
      Object.fromEntries(
        zones.map((zone) => {
          const subnetName = `${name}-${tier}-${zone}`;
          return [
            zone,
            this.child(
              Subnet,
              subnetName,
              {
                vpcId: vpc.id,
                availabilityZone: zone,
                cidrBlock: subnetBlock(args.cidrBlock, tier, zone),
                mapPublicIpOnLaunch: false,
                tags: { ...named(subnetName, args.tags), Tier: tier },
              },
              { transform: args.transform?.subnet },
            ),
          ];
        }),
      );
    return Object.fromEntries(tiers.map((tier) => [tier, inTier(tier)])) as Record<Tier, Record<string, Subnet>>;
  }

  #routeTable(name: string, vpc: Vpc, part: string): RouteTable {
    return this.child(RouteTable, `${name}-${part}`, { vpcId: vpc.id });
  }

  #associate(name: string, subnet: Subnet | undefined, table: RouteTable | undefined, part: string): void {
    if (subnet === undefined || table === undefined) return;
    this.child(RouteTableAssociation, `${name}-${part}`, { subnetId: subnet.id, routeTableId: table.id });
  }
}
