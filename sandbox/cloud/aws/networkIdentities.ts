/** Ids, ARNs and computed outputs of networks and load balancers, in AWS's own formats. */
import { createHash } from "node:crypto";
import type { Value } from "../../provider/values.ts";
import type { Identity } from "../identity.ts";
import type { LiveStore } from "../liveStore.ts";
import { randomHex } from "../randomness.ts";
import { arn } from "./arns.ts";
import { zoneIdOf } from "./zones.ts";

const flowLogFormat =
  // biome-ignore lint/suspicious/noTemplateCurlyInString: these are AWS's own placeholders
  "${version} ${account-id} ${interface-id} ${srcaddr} ${dstaddr} ${srcport} ${dstport} ${protocol} ${packets} ${bytes} ${start} ${end} ${action} ${log-status}";

export const networkIdentities: Readonly<Record<string, Identity>> = {
  // ec2
  "aws:ec2/vpc:Vpc": {
    id: "vpc-{hex17}",
    outputs: {
      arn: arn("ec2", "vpc/{id}"),
      ownerId: "{account}",
      mainRouteTableId: "rtb-{hex17}",
      defaultRouteTableId: "{mainRouteTableId}",
      defaultNetworkAclId: "acl-{hex17}",
      defaultSecurityGroupId: "sg-{hex17}",
      dhcpOptionsId: "dopt-{hex17}",
      enableNetworkAddressUsageMetrics: false,
      ipv6AssociationId: "",
      ipv6CidrBlock: "",
    },
  },
  "aws:ec2/subnet:Subnet": {
    id: "subnet-{hex17}",
    outputs: { arn: arn("ec2", "subnet/{id}"), ownerId: "{account}", privateDnsHostnameTypeOnLaunch: "ip-name" },
    compute: ({ availabilityZone }) => ({ availabilityZoneId: zoneIdOf(String(availabilityZone)) }),
  },
  "aws:ec2/internetGateway:InternetGateway": {
    id: "igw-{hex17}",
    outputs: { arn: arn("ec2", "internet-gateway/{id}"), ownerId: "{account}" },
  },
  "aws:ec2/eip:Eip": {
    id: "eipalloc-{hex17}",
    outputs: { arn: arn("ec2", "elastic-ip/{id}"), allocationId: "{id}", networkBorderGroup: "{region}", publicIpv4Pool: "amazon" },
    compute: () => {
      const address = `203.0.113.${Number.parseInt(randomHex(2), 16)}`; // TEST-NET-3 (RFC 5737): addresses that nobody owns
      return { publicIp: address, publicDns: `ec2-${address.replaceAll(".", "-")}.compute-1.amazonaws.com` };
    },
  },
  "aws:ec2/natGateway:NatGateway": {
    id: "nat-{hex17}",
    outputs: { networkInterfaceId: "eni-{hex17}", associationId: "eipassoc-{hex17}" },
    compute: ({ subnetId, allocationId }, _, store) => ({
      vpcId: outputOf(store, "aws:ec2/subnet:Subnet", subnetId, "vpcId"),
      publicIp: outputOf(store, "aws:ec2/eip:Eip", allocationId, "publicIp"),
    }),
  },
  "aws:ec2/routeTable:RouteTable": { id: "rtb-{hex17}", outputs: { arn: arn("ec2", "route-table/{id}"), ownerId: "{account}" } },
  "aws:ec2/route:Route": {
    id: ({ routeTableId, destinationCidrBlock, destinationIpv6CidrBlock, destinationPrefixListId }) =>
      `r-${routeTableId}${hashOf(String(destinationCidrBlock ?? destinationIpv6CidrBlock ?? destinationPrefixListId))}`,
    outputs: { origin: "CreateRoute", state: "active", instanceOwnerId: "" },
  },
  "aws:ec2/routeTableAssociation:RouteTableAssociation": { id: "rtbassoc-{hex17}" },
  "aws:ec2/vpcEndpoint:VpcEndpoint": {
    id: "vpce-{hex17}",
    outputs: {
      arn: arn("ec2", "vpc-endpoint/{id}"),
      ownerId: "{account}",
      state: "available",
      requesterManaged: false,
      prefixListId: "pl-{hex8}",
      policy: '{"Statement":[{"Action":"*","Effect":"Allow","Principal":"*","Resource":"*"}],"Version":"2008-10-17"}',
    },
  },
  "aws:ec2/flowLog:FlowLog": {
    id: "fl-{hex17}",
    outputs: { arn: arn("ec2", "vpc-flow-log/{id}") },
    compute: () => ({ logFormat: flowLogFormat }),
  },
  "aws:ec2/defaultSecurityGroup:DefaultSecurityGroup": {
    id: "sg-{hex17}",
    outputs: { arn: arn("ec2", "security-group/{id}"), ownerId: "{account}", name: "default", description: "default VPC security group" },
  },
  "aws:ec2/securityGroup:SecurityGroup": { id: "sg-{hex17}", outputs: { arn: arn("ec2", "security-group/{id}"), ownerId: "{account}" } },
  "aws:vpc/securityGroupIngressRule:SecurityGroupIngressRule": {
    id: "sgr-{hex17}",
    outputs: { arn: arn("ec2", "security-group-rule/{id}"), securityGroupRuleId: "{id}" },
  },
  "aws:vpc/securityGroupEgressRule:SecurityGroupEgressRule": {
    id: "sgr-{hex17}",
    outputs: { arn: arn("ec2", "security-group-rule/{id}"), securityGroupRuleId: "{id}" },
  },

  // elastic load balancing
  "aws:lb/loadBalancer:LoadBalancer": {
    id: arn("elasticloadbalancing", "loadbalancer/app/{name}/{hex16}"),
    outputs: { arn: "{id}", dnsName: "{name}-{digits10}.{region}.elb.amazonaws.com", zoneId: "Z35SXDOTRQ7X7K", ipAddressType: "ipv4" },
    nameLimit: 32,
    compute: ({ id, subnets }, _, store) => ({
      arnSuffix: String(id).replace(/^.*:loadbalancer\//, ""),
      vpcId: outputOf(store, "aws:ec2/subnet:Subnet", Array.isArray(subnets) ? subnets[0] : undefined, "vpcId"),
      subnetMappings: (Array.isArray(subnets) ? subnets : []).map((subnetId) => ({ subnetId })),
    }),
  },
  "aws:lb/targetGroup:TargetGroup": {
    id: arn("elasticloadbalancing", "targetgroup/{name}/{hex16}"),
    outputs: {
      arn: "{id}",
      loadBalancerArns: [],
      ipAddressType: "ipv4",
      protocolVersion: "HTTP1",
      loadBalancingAlgorithmType: "round_robin",
      loadBalancingCrossZoneEnabled: "use_load_balancer_configuration",
      stickiness: { enabled: false, type: "lb_cookie", cookieDuration: 86_400, cookieName: "" },
    },
    nameLimit: 32,
    compute: ({ id }) => ({ arnSuffix: String(id).replace(/^.*:targetgroup\//, "targetgroup/") }),
  },
  "aws:lb/listener:Listener": {
    id: ({ loadBalancerArn }) => `${String(loadBalancerArn).replace(":loadbalancer/", ":listener/")}/${randomHex(16)}`,
    outputs: { arn: "{id}" },
  },
  "aws:lb/listenerCertificate:ListenerCertificate": { id: "{listenerArn}_{certificateArn}" },
  "aws:lb/listenerRule:ListenerRule": {
    id: ({ listenerArn }) => `${String(listenerArn).replace(":listener/", ":listener-rule/")}/${randomHex(16)}`,
    outputs: { arn: "{id}" },
  },
};

function outputOf(store: LiveStore, type: string, id: Value | undefined, name: string): Value {
  return store.all(type).find((object) => object.id === id)?.properties[name] ?? "";
}

/** What Terraform calls a route's destination in its id. */
function hashOf(text: string): string {
  return String(Number.parseInt(createHash("sha256").update(text).digest("hex").slice(0, 8), 16));
}
