/** What AWS objects point at, and what AWS says when the target is absent or still in use. */
import type { Reference, Refusals } from "../references.ts";

const vpc = "aws:ec2/vpc:Vpc";
const subnet = "aws:ec2/subnet:Subnet";
const securityGroup = "aws:ec2/securityGroup:SecurityGroup";
const routeTable = "aws:ec2/routeTable:RouteTable";
const loadBalancer = "aws:lb/loadBalancer:LoadBalancer";
const targetGroup = "aws:lb/targetGroup:TargetGroup";
const listener = "aws:lb/listener:Listener";
const certificate = "aws:acm/certificate:Certificate";
const cluster = "aws:ecs/cluster:Cluster";
const taskDefinition = "aws:ecs/taskDefinition:TaskDefinition";
const role = "aws:iam/role:Role";
const bucket = "aws:s3/bucket:Bucket";
const repository = "aws:ecr/repository:Repository";

const ofBucket: readonly Reference[] = [{ from: "bucket", to: bucket, loose: true }];
const ofSecurityGroup: readonly Reference[] = [
  { from: "securityGroupId", to: securityGroup, loose: true },
  { from: "referencedSecurityGroupId", to: securityGroup },
];

export const references: Readonly<Record<string, readonly Reference[]>> = {
  "aws:ec2/subnet:Subnet": [{ from: "vpcId", to: vpc }],
  "aws:ec2/internetGateway:InternetGateway": [{ from: "vpcId", to: vpc }],
  "aws:ec2/natGateway:NatGateway": [
    { from: "subnetId", to: subnet },
    { from: "allocationId", to: "aws:ec2/eip:Eip" },
  ],
  "aws:ec2/routeTable:RouteTable": [{ from: "vpcId", to: vpc }],
  "aws:ec2/route:Route": [
    { from: "routeTableId", to: routeTable, loose: true },
    { from: "gatewayId", to: "aws:ec2/internetGateway:InternetGateway" },
    { from: "natGatewayId", to: "aws:ec2/natGateway:NatGateway", loose: true },
  ],
  "aws:ec2/routeTableAssociation:RouteTableAssociation": [
    { from: "routeTableId", to: routeTable },
    { from: "subnetId", to: subnet, loose: true },
  ],
  "aws:ec2/vpcEndpoint:VpcEndpoint": [
    { from: "vpcId", to: vpc },
    { from: "subnetIds[]", to: subnet },
    { from: "securityGroupIds[]", to: securityGroup },
    { from: "routeTableIds[]", to: routeTable },
  ],
  "aws:ec2/flowLog:FlowLog": [{ from: "vpcId", to: vpc, loose: true }],
  "aws:ec2/defaultSecurityGroup:DefaultSecurityGroup": [{ from: "vpcId", to: vpc, loose: true }],
  "aws:ec2/securityGroup:SecurityGroup": [{ from: "vpcId", to: vpc }],
  "aws:vpc/securityGroupIngressRule:SecurityGroupIngressRule": ofSecurityGroup,
  "aws:vpc/securityGroupEgressRule:SecurityGroupEgressRule": ofSecurityGroup,

  "aws:lb/loadBalancer:LoadBalancer": [
    { from: "subnets[]", to: subnet },
    { from: "securityGroups[]", to: securityGroup },
    { from: "accessLogs.bucket", to: bucket, loose: true },
  ],
  "aws:lb/targetGroup:TargetGroup": [{ from: "vpcId", to: vpc, loose: true }],
  "aws:lb/listener:Listener": [
    { from: "loadBalancerArn", to: loadBalancer, loose: true },
    { from: "certificateArn", to: certificate },
    { from: "defaultActions[].targetGroupArn", to: targetGroup },
    { from: "defaultActions[].forward.targetGroups[].arn", to: targetGroup },
  ],
  "aws:lb/listenerCertificate:ListenerCertificate": [
    { from: "listenerArn", to: listener, loose: true },
    { from: "certificateArn", to: certificate },
  ],
  "aws:lb/listenerRule:ListenerRule": [
    { from: "listenerArn", to: listener, loose: true },
    { from: "actions[].targetGroupArn", to: targetGroup },
    { from: "actions[].forward.targetGroups[].arn", to: targetGroup },
  ],

  "aws:ecs/clusterCapacityProviders:ClusterCapacityProviders": [{ from: "clusterName", to: cluster, by: "name", loose: true }],
  "aws:ecs/service:Service": [
    { from: "cluster", to: cluster },
    { from: "taskDefinition", to: taskDefinition, by: "arn", loose: true },
    { from: "loadBalancers[].targetGroupArn", to: targetGroup, loose: true },
    { from: "networkConfiguration.subnets[]", to: subnet },
    { from: "networkConfiguration.securityGroups[]", to: securityGroup },
  ],
  "aws:ecs/taskDefinition:TaskDefinition": [
    { from: "executionRoleArn", to: role, by: "arn", loose: true },
    { from: "taskRoleArn", to: role, by: "arn", loose: true },
  ],
  "aws:ecr/lifecyclePolicy:LifecyclePolicy": [{ from: "repository", to: repository, loose: true }],
  "aws:ecr/repositoryPolicy:RepositoryPolicy": [{ from: "repository", to: repository, loose: true }],

  "aws:iam/rolePolicy:RolePolicy": [{ from: "role", to: role }],
  "aws:iam/rolePolicyAttachment:RolePolicyAttachment": [{ from: "role", to: role }],
  "aws:kms/alias:Alias": [{ from: "targetKeyId", to: "aws:kms/key:Key", loose: true }],
  "aws:acm/certificateValidation:CertificateValidation": [{ from: "certificateArn", to: certificate, loose: true }],
  "aws:route53/record:Record": [{ from: "zoneId", to: "aws:route53/zone:Zone" }],

  "aws:s3/bucketObject:BucketObject": ofBucket,
  "aws:s3/bucketObjectv2:BucketObjectv2": ofBucket,
  "aws:s3/bucketPolicy:BucketPolicy": ofBucket,
  "aws:s3/bucketPublicAccessBlock:BucketPublicAccessBlock": ofBucket,
  "aws:s3/bucketOwnershipControls:BucketOwnershipControls": ofBucket,
  "aws:s3/bucketVersioning:BucketVersioning": ofBucket,
  "aws:s3/bucketLifecycleConfiguration:BucketLifecycleConfiguration": ofBucket,
  "aws:s3/bucketServerSideEncryptionConfiguration:BucketServerSideEncryptionConfiguration": ofBucket,
};

export const refusals: Readonly<Record<string, Refusals>> = {
  [vpc]: {
    absent: "InvalidVpcID.NotFound: The vpc ID '{value}' does not exist",
    inUse: "DependencyViolation: The vpc '{id}' has dependencies and cannot be deleted ({holder})",
  },
  [subnet]: {
    absent: "InvalidSubnetID.NotFound: The subnet ID '{value}' does not exist",
    inUse: "DependencyViolation: The subnet '{id}' has dependencies and cannot be deleted ({holder})",
  },
  [securityGroup]: {
    absent: "InvalidGroup.NotFound: The security group '{value}' does not exist",
    inUse: "DependencyViolation: resource {id} has a dependent object ({holder})",
  },
  [routeTable]: {
    absent: "InvalidRouteTableID.NotFound: The routeTable ID '{value}' does not exist",
    inUse: "DependencyViolation: The routeTable '{id}' has dependencies and cannot be deleted ({holder})",
  },
  "aws:ec2/internetGateway:InternetGateway": {
    absent: "InvalidInternetGatewayID.NotFound: The internetGateway ID '{value}' does not exist",
  },
  "aws:ec2/natGateway:NatGateway": { absent: "NatGatewayNotFound: The Nat Gateway {value} was not found" },
  "aws:ec2/eip:Eip": {
    absent: "InvalidAllocationID.NotFound: The allocation ID '{value}' does not exist",
    inUse: "AuthFailure: You do not have permission to access the specified resource: {id} is associated with {holder}",
  },
  [loadBalancer]: { absent: "LoadBalancerNotFound: One or more load balancers not found: '{value}'" },
  [targetGroup]: {
    absent: "TargetGroupNotFound: One or more target groups not found: '{value}'",
    inUse: "ResourceInUse: Target group '{id}' is currently in use by a listener or a rule",
  },
  [listener]: { absent: "ListenerNotFound: One or more listeners not found: '{value}'" },
  [certificate]: {
    absent: "CertificateNotFound: Certificate '{value}' not found",
    inUse: "ResourceInUseException: Certificate {id} in account is in use",
  },
  [cluster]: {
    absent: "ClusterNotFoundException: Cluster not found: {value}",
    inUse: "ClusterContainsServicesException: The Cluster cannot be deleted while Services are active ({holder})",
  },
  [taskDefinition]: { absent: "ClientException: TaskDefinition is inactive or does not exist: {value}" },
  [role]: {
    absent: "NoSuchEntity: The role with name {value} cannot be found",
    inUse: "DeleteConflict: Cannot delete entity, must detach all policies first ({holder})",
  },
  [bucket]: { absent: "NoSuchBucket: The specified bucket does not exist: {value}" },
  [repository]: { absent: "RepositoryNotFoundException: The repository with name '{value}' does not exist in the registry" },
  "aws:kms/key:Key": { absent: "NotFoundException: Key '{value}' does not exist" },
  "aws:route53/zone:Zone": {
    absent: "NoSuchHostedZone: No hosted zone found with ID: {value}",
    inUse: "HostedZoneNotEmpty: The specified hosted zone contains non-required resource record sets and so cannot be deleted",
  },
};
