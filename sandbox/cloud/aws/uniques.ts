/** Values that AWS lets no two objects share. */
import type { Unique } from "../catalogue.ts";

export const uniques: Readonly<Record<string, readonly Unique[]>> = {
  "aws:ec2/internetGateway:InternetGateway": [
    { by: ["vpcId"], refusal: "Resource.AlreadyAssociated: network {vpcId} already has an internet gateway attached" },
  ],
  "aws:ec2/securityGroup:SecurityGroup": [
    { by: ["vpcId", "name"], refusal: "InvalidGroup.Duplicate: The security group '{name}' already exists for VPC '{vpcId}'" },
  ],
  "aws:ec2/route:Route": [
    {
      by: ["routeTableId", "destinationCidrBlock", "destinationIpv6CidrBlock", "destinationPrefixListId"],
      refusal: "RouteAlreadyExists: The route identified by {destinationCidrBlock} already exists",
    },
  ],
  "aws:ec2/routeTableAssociation:RouteTableAssociation": [
    {
      by: ["subnetId", "gatewayId"],
      refusal: "Resource.AlreadyAssociated: the specified association for subnet {subnetId} conflicts with an existing association",
    },
  ],
  "aws:vpc/securityGroupIngressRule:SecurityGroupIngressRule": [
    {
      by: ["securityGroupId", "ipProtocol", "fromPort", "toPort", "cidrIpv4", "cidrIpv6", "prefixListId", "referencedSecurityGroupId"],
      refusal: "InvalidPermission.Duplicate: the specified rule already exists in {securityGroupId}",
    },
  ],
  "aws:vpc/securityGroupEgressRule:SecurityGroupEgressRule": [
    {
      by: ["securityGroupId", "ipProtocol", "fromPort", "toPort", "cidrIpv4", "cidrIpv6", "prefixListId", "referencedSecurityGroupId"],
      refusal: "InvalidPermission.Duplicate: the specified rule already exists in {securityGroupId}",
    },
  ],
  "aws:lb/loadBalancer:LoadBalancer": [
    { by: ["name"], refusal: "DuplicateLoadBalancerName: A load balancer with the same name '{name}' exists, but with different settings" },
  ],
  "aws:lb/targetGroup:TargetGroup": [
    { by: ["name"], refusal: "DuplicateTargetGroupName: A target group with the same name '{name}' exists, but with different settings" },
  ],
  "aws:lb/listener:Listener": [
    { by: ["loadBalancerArn", "port"], refusal: "DuplicateListener: A listener already exists on port {port} for this load balancer" },
  ],
  "aws:lb/listenerRule:ListenerRule": [
    { by: ["listenerArn", "priority"], refusal: "PriorityInUse: Priority '{priority}' is currently in use" },
  ],
  "aws:ecs/service:Service": [
    { by: ["cluster", "name"], refusal: "InvalidParameterException: Creation of service was not idempotent ({name})" },
  ],
  "aws:ecr/repository:Repository": [
    { by: ["name"], refusal: "RepositoryAlreadyExistsException: The repository with name '{name}' already exists in the registry" },
  ],
  "aws:iam/role:Role": [{ by: ["name"], refusal: "EntityAlreadyExists: Role with name {name} already exists" }],
  "aws:iam/policy:Policy": [{ by: ["name"], refusal: "EntityAlreadyExists: A policy called {name} already exists" }],
  "aws:kms/alias:Alias": [{ by: ["name"], refusal: "AlreadyExistsException: An alias with the name {name} already exists" }],
  "aws:cloudwatch/logGroup:LogGroup": [
    { by: ["name"], refusal: "ResourceAlreadyExistsException: The specified log group already exists: {name}" },
  ],
  "aws:s3/bucket:Bucket": [
    {
      by: ["bucket"],
      refusal: "BucketAlreadyOwnedByYou: Your previous request to create the named bucket succeeded and you already own it: {bucket}",
      everywhere: true,
    },
  ],
  "aws:route53/record:Record": [
    {
      by: ["zoneId", "name", "type", "setIdentifier"],
      refusal: "InvalidChangeBatch: Tried to create resource record set [name='{name}', type='{type}'] but it already exists",
    },
  ],
};
