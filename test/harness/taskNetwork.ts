/** A VPC of the simulated cloud, and whether tasks in it reach what they need before they start. */
import { networkOf, unreachable } from "../../sandbox/cloud/aws/taskNetwork.ts";
import type { Properties } from "../../sandbox/provider/values.ts";
import { emptyCloud, place } from "./emptyCloud.ts";

const digest = `sha256:${"a".repeat(64)}`;
const arnOf = (service: string, what: string) => `arn:aws:${service}:${place.region}:${place.account}:${what}`;
const container: Properties = {
  name: "app",
  image: `${place.account}.dkr.ecr.${place.region}.amazonaws.com/api@${digest}`,
  secrets: [
    { name: "PASSWORD", valueFrom: arnOf("secretsmanager", "secret:db-a1b2c3") },
    { name: "TOKEN", valueFrom: arnOf("ssm", "parameter/token") },
  ],
  logConfiguration: { logDriver: "awslogs", options: {} },
};

/** A VPC with a private subnet, a NAT gateway in front of it, and a group that lets 443 out. */
export function taskNetwork() {
  const { cloud, create, remove } = emptyCloud();
  const vpc = create("aws:ec2/vpc:Vpc", { cidrBlock: "10.30.0.0/16" });
  const subnet = (cidrBlock: string) => create("aws:ec2/subnet:Subnet", { vpcId: vpc.id, cidrBlock, availabilityZone: "us-east-1a" });
  const [inside, outside] = [subnet("10.30.1.0/24"), subnet("10.30.2.0/24")];
  const group = create("aws:ec2/securityGroup:SecurityGroup", { vpcId: vpc.id, name: "tasks" });
  const table = create("aws:ec2/routeTable:RouteTable", { vpcId: vpc.id });
  create("aws:ec2/routeTableAssociation:RouteTableAssociation", { subnetId: inside.id, routeTableId: table.id });
  const eip = create("aws:ec2/eip:Eip", { domain: "vpc" });
  const nat = create("aws:ec2/natGateway:NatGateway", { subnetId: outside.id, allocationId: eip.id });
  const route = create("aws:ec2/route:Route", { routeTableId: table.id, destinationCidrBlock: "0.0.0.0/0", natGatewayId: nat.id });
  const https = { securityGroupId: group.id, ipProtocol: "tcp", fromPort: 443, toPort: 443 };
  const out = (cidrIpv4: string) => create("aws:vpc/securityGroupEgressRule:SecurityGroupEgressRule", { ...https, cidrIpv4 });
  const endpoint = (service: string, more: Properties) =>
    create("aws:ec2/vpcEndpoint:VpcEndpoint", { vpcId: vpc.id, serviceName: `com.amazonaws.${place.region}.${service}`, ...more });
  const trouble = (more: Properties = {}, containers = [container]) => {
    const configuration = { subnets: [inside.id], securityGroups: [group.id], assignPublicIp: false, ...more };
    const network = networkOf(configuration);
    return network && unreachable(cloud.store, network, containers, place);
  };
  return { cloud, create, remove, vpc, inside, group, table, route, https, out, endpoint, trouble };
}
