/**
 * The AWS calls with which the provider makes, reads, changes and deletes a resource, by type: what an apply role has to allow.
 * In resources `{region}` and `{account}` are the resource's own, `{name}` is its name in AWS. Written by hand
 * from AWS's service authorization reference; what another service calls in the caller's name is among them.
 */
import type { Context } from "./iam.ts";

/** Actions on one resource. */
export interface Calls {
  readonly resource: string;
  /** The service once, then its actions: `sqs:CreateQueue DeleteQueue`. */
  readonly actions: string;
  /** Condition keys beside the region, the account and the stack's tags; undefined takes one away. */
  readonly context?: Context;
}

const on = (resource: string, actions: string, context?: Context): Calls => ({ resource, actions, ...(context && { context }) });
const any = (actions: string, context?: Context): Calls => on("*", actions, context);
const here = (service: string, resource: string, actions: string): Calls =>
  on(`arn:aws:${service}:{region}:{account}:${resource}`, `${service}:${actions}`);
const role = "arn:aws:iam::{account}:role{rolePath}{name}";
const pass = (service: string): Calls => on(role, "iam:PassRole", { "iam:PassedToService": `${service}.amazonaws.com` });
const linked = (service: string): Calls =>
  on(`arn:aws:iam::{account}:role/aws-service-role/${service}.amazonaws.com/AWSServiceRole`, "iam:CreateServiceLinkedRole", {
    "iam:AWSServiceName": `${service}.amazonaws.com`,
  });
const key = "arn:aws:kms:{region}:{account}:key/11111111-2222-3333-4444-555555555555";
/** Use of a key through a service, and grants that the service keeps. */
const encrypts = (service: string, uses = "Decrypt GenerateDataKey"): Calls[] => [
  on(key, `kms:${uses}`, { "kms:ViaService": `${service}.{region}.amazonaws.com` }),
  any("kms:DescribeKey"),
];
const lends: Calls = on(key, "kms:CreateGrant", { "kms:GrantIsForAWSResource": "true" });
/** RDS makes the secret of a master password in the name of its caller, with tags of its own. */
const masterSecret: Calls = on(
  "arn:aws:secretsmanager:{region}:{account}:secret:rds!db-11111111-2222-3333-4444-555555555555-a1b2c3",
  "secretsmanager:CreateSecret DescribeSecret RotateSecret TagResource",
  {
    "aws:RequestTag/System": undefined,
    "aws:RequestTag/Environment": undefined,
    "aws:ResourceTag/System": undefined,
    "aws:ResourceTag/Environment": undefined,
  },
);
/** No tags yet, or not yet known to KMS. */
const untagged: Context = { "aws:ResourceTag/System": undefined, "aws:ResourceTag/Environment": undefined };

const ec2 = (resource: string, actions: string): Calls =>
  here("ec2", `${resource}/id-0123456789abcdef0`, `${actions} CreateTags DeleteTags`);
const bucket = (actions: string): Calls[] => [on("arn:aws:s3:::{name}", `s3:${actions}`)];
const tags = "AddTagsToResource RemoveTagsFromResource ListTagsForResource";
const roleReads = "GetRole GetRolePolicy ListRolePolicies ListAttachedRolePolicies";
const rules = "AuthorizeSecurityGroupEgress AuthorizeSecurityGroupIngress RevokeSecurityGroupEgress RevokeSecurityGroupIngress";
const lb = (resource: string, actions: string): Calls => here("elasticloadbalancing", resource, `AddTags RemoveTags ${actions}`);
const zone = "arn:aws:route53:::hostedzone/{zone}";
const wafLogs: Calls = any(
  "logs:CreateLogDelivery DeleteLogDelivery GetLogDelivery ListLogDeliveries PutResourcePolicy DescribeResourcePolicies DescribeLogGroups",
);

/** Rows. A type that the program uses and that is not here fails the test. */
export const providerCalls: Readonly<Record<string, readonly Calls[]>> = {
  "aws:acm/certificate:Certificate": [
    any("acm:RequestCertificate"),
    here(
      "acm",
      "certificate/id",
      "AddTagsToCertificate DeleteCertificate DescribeCertificate ListTagsForCertificate RemoveTagsFromCertificate",
    ),
  ],
  "aws:acm/certificateValidation:CertificateValidation": [here("acm", "certificate/id", "DescribeCertificate")],
  "aws:appautoscaling/policy:Policy": [
    here("application-autoscaling", "scalable-target/id", "DeleteScalingPolicy PutScalingPolicy"),
    any("application-autoscaling:DescribeScalingPolicies"),
    here("cloudwatch", "alarm:TargetTracking", "DeleteAlarms DescribeAlarms PutMetricAlarm"),
  ],
  "aws:appautoscaling/target:Target": [
    here(
      "application-autoscaling",
      "scalable-target/id",
      "DeregisterScalableTarget ListTagsForResource RegisterScalableTarget TagResource UntagResource",
    ),
    any("application-autoscaling:DescribeScalableTargets"),
    any("ecs:DescribeServices"),
    linked("ecs.application-autoscaling"),
  ],
  "aws:backup/plan:Plan": [
    here("backup", "backup-plan:id", "CreateBackupPlan DeleteBackupPlan GetBackupPlan ListTags TagResource UntagResource UpdateBackupPlan"),
  ],
  "aws:backup/regionSettings:RegionSettings": [any("backup:DescribeRegionSettings UpdateRegionSettings")],
  "aws:backup/restoreTestingPlan:RestoreTestingPlan": [
    here(
      "backup",
      "restore-testing-plan:id",
      "CreateRestoreTestingPlan DeleteRestoreTestingPlan GetRestoreTestingPlan UpdateRestoreTestingPlan ListTags TagResource UntagResource",
    ),
    linked("restore-testing.backup"),
  ],
  "aws:backup/restoreTestingSelection:RestoreTestingSelection": [
    here(
      "backup",
      "restore-testing-plan:id",
      "CreateRestoreTestingSelection DeleteRestoreTestingSelection GetRestoreTestingSelection UpdateRestoreTestingSelection",
    ),
    pass("backup"),
  ],
  "aws:backup/selection:Selection": [
    here("backup", "backup-plan:id", "CreateBackupSelection DeleteBackupSelection GetBackupSelection"),
    pass("backup"),
    linked("backup"),
  ],
  "aws:backup/vault:Vault": [
    here("backup", "backup-vault:{name}", "CreateBackupVault DescribeBackupVault ListTags TagResource UntagResource"),
    any("backup-storage:MountCapsule"),
    ...encrypts("backup", "Decrypt GenerateDataKey RetireGrant"),
    lends,
    // `slipway backup start`, which runs before an update and in its role
    here("backup", "backup-vault:{name}", "StartBackupJob"),
    any("backup:DescribeBackupJob ListRecoveryPointsByBackupVault"),
    pass("backup"),
  ],
  "aws:backup/vaultLockConfiguration:VaultLockConfiguration": [
    here("backup", "backup-vault:{name}", "DeleteBackupVaultLockConfiguration DescribeBackupVault PutBackupVaultLockConfiguration"),
  ],
  "aws:backup/vaultNotifications:VaultNotifications": [
    here("backup", "backup-vault:{name}", "DeleteBackupVaultNotifications GetBackupVaultNotifications PutBackupVaultNotifications"),
  ],
  "aws:backup/vaultPolicy:VaultPolicy": [here("backup", "backup-vault:{name}", "GetBackupVaultAccessPolicy PutBackupVaultAccessPolicy")],
  "aws:budgets/budget:Budget": [
    on("arn:aws:budgets::{account}:budget/{name}", "budgets:ListTagsForResource ModifyBudget TagResource ViewBudget"),
  ],
  "aws:chatbot/slackChannelConfiguration:SlackChannelConfiguration": [
    any("chatbot:CreateSlackChannelConfiguration DescribeSlackChannelConfigurations ListTagsForResource TagResource UntagResource"),
    on(
      "arn:aws:chatbot::{account}:chat-configuration/slack-channel/{name}",
      "chatbot:DeleteSlackChannelConfiguration UpdateSlackChannelConfiguration",
    ),
    pass("chatbot"),
    linked("management.chatbot"),
  ],
  "aws:cloudfront/cachePolicy:CachePolicy": [
    on("arn:aws:cloudfront::{account}:cache-policy/id", "cloudfront:CreateCachePolicy DeleteCachePolicy GetCachePolicy UpdateCachePolicy"),
  ],
  "aws:cloudfront/distribution:Distribution": [
    on(
      "arn:aws:cloudfront::{account}:distribution/id",
      "cloudfront:CreateDistribution DeleteDistribution GetDistribution ListTagsForResource TagResource UntagResource UpdateDistribution",
    ),
    on("arn:aws:wafv2:us-east-1:{account}:global/webacl/a/id", "wafv2:GetWebACL"),
  ],
  "aws:cloudfront/function:Function": [
    on(
      "arn:aws:cloudfront::{account}:function/{name}",
      "cloudfront:CreateFunction DeleteFunction DescribeFunction GetFunction PublishFunction UpdateFunction",
    ),
  ],
  "aws:cloudfront/originAccessControl:OriginAccessControl": [
    any("cloudfront:CreateOriginAccessControl"),
    on(
      "arn:aws:cloudfront::{account}:origin-access-control/id",
      "cloudfront:DeleteOriginAccessControl GetOriginAccessControl UpdateOriginAccessControl",
    ),
  ],
  "aws:cloudfront/responseHeadersPolicy:ResponseHeadersPolicy": [
    on(
      "arn:aws:cloudfront::{account}:response-headers-policy/id",
      "cloudfront:CreateResponseHeadersPolicy DeleteResponseHeadersPolicy GetResponseHeadersPolicy UpdateResponseHeadersPolicy",
    ),
  ],
  "aws:cloudwatch/compositeAlarm:CompositeAlarm": [
    here("cloudwatch", "alarm:{name}", "DeleteAlarms DescribeAlarms ListTagsForResource PutCompositeAlarm TagResource UntagResource"),
  ],
  "aws:cloudwatch/dashboard:Dashboard": [
    on("arn:aws:cloudwatch::{account}:dashboard/{name}", "cloudwatch:DeleteDashboards GetDashboard PutDashboard"),
  ],
  "aws:cloudwatch/eventRule:EventRule": [
    here("events", "rule/{name}", "DeleteRule DescribeRule ListTagsForResource PutRule TagResource UntagResource"),
  ],
  "aws:cloudwatch/eventTarget:EventTarget": [here("events", "rule/{name}", "ListTargetsByRule PutTargets RemoveTargets")],
  "aws:cloudwatch/logDelivery:LogDelivery": [
    here("logs", "delivery:id", "CreateDelivery DeleteDelivery GetDelivery ListTagsForResource TagResource UntagResource"),
    any("logs:DescribeDeliveries"),
    linked("delivery.logs"),
  ],
  "aws:cloudwatch/logDeliveryDestination:LogDeliveryDestination": [
    here(
      "logs",
      "delivery-destination:{name}",
      "DeleteDeliveryDestination GetDeliveryDestination ListTagsForResource PutDeliveryDestination TagResource UntagResource",
    ),
  ],
  "aws:cloudwatch/logDeliverySource:LogDeliverySource": [
    here(
      "logs",
      "delivery-source:{name}",
      "DeleteDeliverySource GetDeliverySource ListTagsForResource PutDeliverySource TagResource UntagResource",
    ),
    on("arn:aws:cloudfront::{account}:distribution/id", "cloudfront:AllowVendedLogDeliveryForResource"),
  ],
  "aws:cloudwatch/logGroup:LogGroup": [
    here(
      "logs",
      "log-group:{name}",
      "AssociateKmsKey CreateLogGroup DeleteLogGroup DeleteRetentionPolicy ListTagsForResource PutRetentionPolicy TagResource UntagResource",
    ),
    any("logs:DescribeLogGroups"),
  ],
  "aws:cloudwatch/logMetricFilter:LogMetricFilter": [
    here("logs", "log-group:{name}", "DeleteMetricFilter DescribeMetricFilters PutMetricFilter"),
  ],
  "aws:cloudwatch/metricAlarm:MetricAlarm": [
    here("cloudwatch", "alarm:{name}", "DeleteAlarms DescribeAlarms ListTagsForResource PutMetricAlarm TagResource UntagResource"),
  ],
  "aws:cloudwatch/queryDefinition:QueryDefinition": [any("logs:DeleteQueryDefinition DescribeQueryDefinitions PutQueryDefinition")],
  "aws:docdb/cluster:Cluster": [
    here("rds", "cluster:{name}", `CreateDBCluster DeleteDBCluster DescribeDBClusters ModifyDBCluster ${tags}`),
    any("rds:DescribeGlobalClusters"),
    masterSecret,
    ...encrypts("rds"),
    lends,
    linked("rds"),
  ],
  "aws:docdb/clusterInstance:ClusterInstance": [
    here("rds", "db:{name}", `CreateDBInstance DeleteDBInstance DescribeDBInstances ModifyDBInstance RebootDBInstance ${tags}`),
    any("rds:DescribeDBClusters"),
  ],
  "aws:docdb/clusterParameterGroup:ClusterParameterGroup": [
    here(
      "rds",
      "cluster-pg:{name}",
      `CreateDBClusterParameterGroup DeleteDBClusterParameterGroup DescribeDBClusterParameterGroups DescribeDBClusterParameters ModifyDBClusterParameterGroup ResetDBClusterParameterGroup ${tags}`,
    ),
  ],
  "aws:docdb/subnetGroup:SubnetGroup": [
    here("rds", "subgrp:{name}", `CreateDBSubnetGroup DeleteDBSubnetGroup DescribeDBSubnetGroups ModifyDBSubnetGroup ${tags}`),
  ],
  "aws:dynamodb/table:Table": [
    here(
      "dynamodb",
      "table/{name}",
      "CreateTable DeleteTable DescribeContinuousBackups DescribeContributorInsights DescribeTable DescribeTimeToLive ListTagsOfResource TagResource UntagResource UpdateContinuousBackups UpdateTable UpdateTimeToLive",
    ),
    ...encrypts("dynamodb"),
    lends,
  ],
  "aws:ec2/defaultSecurityGroup:DefaultSecurityGroup": [ec2("security-group", rules), any("ec2:DescribeSecurityGroups")],
  "aws:ec2/eip:Eip": [
    ec2("elastic-ip", "AllocateAddress DisassociateAddress ReleaseAddress"),
    any("ec2:DescribeAddresses DescribeAddressesAttribute DescribeNetworkInterfaces"),
  ],
  "aws:ec2/flowLog:FlowLog": [ec2("vpc-flow-log", "CreateFlowLogs DeleteFlowLogs"), any("ec2:DescribeFlowLogs"), pass("vpc-flow-logs")],
  "aws:ec2/internetGateway:InternetGateway": [
    ec2("internet-gateway", "AttachInternetGateway CreateInternetGateway DeleteInternetGateway DetachInternetGateway"),
    any("ec2:DescribeInternetGateways"),
  ],
  "aws:ec2/managedPrefixList:ManagedPrefixList": [
    ec2("prefix-list", "CreateManagedPrefixList DeleteManagedPrefixList GetManagedPrefixListEntries ModifyManagedPrefixList"),
    any("ec2:DescribeManagedPrefixLists"),
  ],
  "aws:ec2/natGateway:NatGateway": [
    ec2("natgateway", "CreateNatGateway DeleteNatGateway"),
    any("ec2:DescribeNatGateways"),
    linked("natgateway"),
  ],
  "aws:ec2/route:Route": [ec2("route-table", "CreateRoute DeleteRoute ReplaceRoute"), any("ec2:DescribeRouteTables")],
  "aws:ec2/routeTable:RouteTable": [ec2("route-table", "CreateRouteTable DeleteRouteTable"), any("ec2:DescribeRouteTables")],
  "aws:ec2/routeTableAssociation:RouteTableAssociation": [
    ec2("route-table", "AssociateRouteTable DisassociateRouteTable ReplaceRouteTableAssociation"),
    any("ec2:DescribeRouteTables"),
  ],
  "aws:ec2/securityGroup:SecurityGroup": [
    ec2("security-group", `CreateSecurityGroup DeleteSecurityGroup ${rules}`),
    any("ec2:DescribeNetworkInterfaces DescribeSecurityGroups"),
    ec2("network-interface", "DeleteNetworkInterface DetachNetworkInterface"), // of functions, when the group goes
  ],
  "aws:ec2/subnet:Subnet": [
    ec2("subnet", "CreateSubnet DeleteSubnet ModifySubnetAttribute"),
    any("ec2:DescribeNetworkInterfaces DescribeSubnets"),
  ],
  "aws:ec2/vpc:Vpc": [
    ec2("vpc", "CreateVpc DeleteVpc ModifyVpcAttribute"),
    any("ec2:DescribeNetworkAcls DescribeRouteTables DescribeSecurityGroups DescribeVpcAttribute DescribeVpcs"),
  ],
  "aws:ec2/vpcEndpoint:VpcEndpoint": [
    ec2("vpc-endpoint", "CreateVpcEndpoint DeleteVpcEndpoints ModifyVpcEndpoint"),
    any("ec2:DescribePrefixLists DescribeVpcEndpoints"),
    on("arn:aws:route53:::hostedzone/Z1", "route53:AssociateVPCWithHostedZone"),
  ],
  "aws:ecr/lifecyclePolicy:LifecyclePolicy": [
    here("ecr", "repository/{name}", "DeleteLifecyclePolicy GetLifecyclePolicy PutLifecyclePolicy"),
  ],
  "aws:ecr/replicationConfiguration:ReplicationConfiguration": [
    any("ecr:DescribeRegistry PutReplicationConfiguration"),
    linked("replication.ecr"),
  ],
  "aws:ecr/repositoryPolicy:RepositoryPolicy": [
    here("ecr", "repository/{repository}", "DeleteRepositoryPolicy GetRepositoryPolicy SetRepositoryPolicy"),
  ],
  "aws:ecr/repository:Repository": [
    here(
      "ecr",
      "repository/{name}",
      "CreateRepository DeleteRepository DescribeRepositories ListTagsForResource PutImageScanningConfiguration PutImageTagMutability TagResource UntagResource",
    ),
    ...encrypts("ecr"),
    lends,
  ],
  "aws:ecs/cluster:Cluster": [
    here(
      "ecs",
      "cluster/{name}",
      "CreateCluster DeleteCluster DescribeClusters ListTagsForResource TagResource UntagResource UpdateCluster UpdateClusterSettings",
    ),
    linked("ecs"),
  ],
  "aws:ecs/service:Service": [
    here(
      "ecs",
      "service/c/{name}",
      "CreateService DeleteService DescribeServices ListTagsForResource TagResource UntagResource UpdateService",
    ),
    any("ecs:DescribeServiceDeployments ListServiceDeployments"),
  ],
  "aws:ecs/taskDefinition:TaskDefinition": [
    here("ecs", "task-definition/{name}:1", "ListTagsForResource RegisterTaskDefinition TagResource UntagResource"),
    any("ecs:DeregisterTaskDefinition DescribeTaskDefinition"),
    pass("ecs-tasks"),
  ],
  "aws:efs/accessPoint:AccessPoint": [
    here("elasticfilesystem", "access-point/id", "DeleteAccessPoint DescribeAccessPoints ListTagsForResource TagResource UntagResource"),
    here("elasticfilesystem", "file-system/id", "CreateAccessPoint"),
  ],
  "aws:efs/backupPolicy:BackupPolicy": [here("elasticfilesystem", "file-system/id", "DescribeBackupPolicy PutBackupPolicy")],
  "aws:efs/fileSystem:FileSystem": [
    any("elasticfilesystem:CreateFileSystem"),
    here(
      "elasticfilesystem",
      "file-system/id",
      "DeleteFileSystem DescribeFileSystems DescribeLifecycleConfiguration ListTagsForResource PutLifecycleConfiguration TagResource UntagResource UpdateFileSystem UpdateFileSystemProtection",
    ),
    ...encrypts("elasticfilesystem", "GenerateDataKeyWithoutPlaintext"),
    lends,
    linked("elasticfilesystem"),
  ],
  "aws:efs/fileSystemPolicy:FileSystemPolicy": [
    here("elasticfilesystem", "file-system/id", "DeleteFileSystemPolicy DescribeFileSystemPolicy PutFileSystemPolicy"),
  ],
  "aws:efs/mountTarget:MountTarget": [
    here(
      "elasticfilesystem",
      "file-system/id",
      "CreateMountTarget DeleteMountTarget DescribeMountTargets DescribeMountTargetSecurityGroups ModifyMountTargetSecurityGroups",
    ),
    ec2("network-interface", "CreateNetworkInterface DeleteNetworkInterface ModifyNetworkInterfaceAttribute"),
    any("ec2:DescribeNetworkInterfaces DescribeSubnets"),
  ],
  "aws:elasticache/parameterGroup:ParameterGroup": [
    here(
      "elasticache",
      "parametergroup:{name}",
      `CreateCacheParameterGroup DeleteCacheParameterGroup DescribeCacheParameterGroups DescribeCacheParameters ModifyCacheParameterGroup ${tags}`,
    ),
  ],
  "aws:elasticache/replicationGroup:ReplicationGroup": [
    here(
      "elasticache",
      "replicationgroup:{name}",
      `CreateReplicationGroup DecreaseReplicaCount DeleteReplicationGroup DescribeCacheClusters DescribeReplicationGroups IncreaseReplicaCount ModifyReplicationGroup ModifyReplicationGroupShardConfiguration ${tags}`,
    ),
    ...encrypts("elasticache"),
    lends,
    linked("elasticache"),
  ],
  "aws:elasticache/subnetGroup:SubnetGroup": [
    here(
      "elasticache",
      "subnetgroup:{name}",
      `CreateCacheSubnetGroup DeleteCacheSubnetGroup DescribeCacheSubnetGroups ModifyCacheSubnetGroup ${tags}`,
    ),
  ],
  "aws:elasticache/user:User": [here("elasticache", "user:{name}", `CreateUser DeleteUser DescribeUsers ModifyUser ${tags}`)],
  "aws:elasticache/userGroup:UserGroup": [
    here("elasticache", "usergroup:{name}", `CreateUserGroup DeleteUserGroup DescribeUserGroups ModifyUserGroup ${tags}`),
  ],
  // An administrator makes and changes these two; an update only looks.
  "aws:iam/openIdConnectProvider:OpenIdConnectProvider": [
    on("arn:aws:iam::{account}:oidc-provider/token.actions.githubusercontent.com", "iam:GetOpenIDConnectProvider"),
  ],
  "aws:iam/policy:Policy": [on("arn:aws:iam::{account}:policy/{name}", "iam:GetPolicy GetPolicyVersion ListPolicyVersions")],
  "aws:iam/role:Role": [
    on(role, `iam:CreateRole DeleteRole ListInstanceProfilesForRole TagRole UntagRole UpdateAssumeRolePolicy UpdateRole ${roleReads}`),
  ],
  "aws:iam/rolePolicy:RolePolicy": [on(role, "iam:DeleteRolePolicy GetRolePolicy PutRolePolicy")],
  "aws:iam/rolePolicyAttachment:RolePolicyAttachment": [on(role, "iam:AttachRolePolicy DetachRolePolicy ListAttachedRolePolicies")],
  "aws:kms/alias:Alias": [
    here("kms", "{name}", "CreateAlias DeleteAlias UpdateAlias"),
    on(key, "kms:CreateAlias DeleteAlias UpdateAlias", untagged),
    any("kms:ListAliases"),
  ],
  "aws:kms/key:Key": [
    any("kms:CreateKey", untagged),
    on(
      key,
      "kms:EnableKeyRotation GetKeyPolicy GetKeyRotationStatus ListResourceTags TagResource UpdateKeyDescription DescribeKey",
      untagged,
    ),
    on(key, "kms:PutKeyPolicy TagResource UntagResource"), // deletion is an administrator's
  ],
  "aws:lambda/function:Function": [
    here(
      "lambda",
      "function:{name}",
      "CreateFunction DeleteFunction GetFunction GetFunctionCodeSigningConfig GetFunctionConfiguration ListTags ListVersionsByFunction PutFunctionConcurrency DeleteFunctionConcurrency TagResource UntagResource UpdateFunctionCode UpdateFunctionConfiguration",
    ),
    any("ec2:DescribeSecurityGroups DescribeSubnets DescribeVpcs"),
    ...encrypts("lambda", "Decrypt Encrypt"),
    lends,
    pass("lambda"),
  ],
  "aws:lambda/functionEventInvokeConfig:FunctionEventInvokeConfig": [
    here(
      "lambda",
      "function:{name}",
      "DeleteFunctionEventInvokeConfig GetFunctionEventInvokeConfig PutFunctionEventInvokeConfig UpdateFunctionEventInvokeConfig",
    ),
  ],
  "aws:lambda/permission:Permission": [here("lambda", "function:{name}", "AddPermission GetPolicy RemovePermission")],
  "aws:lb/listener:Listener": [
    lb("listener/app/{name}/1/2", "DeleteListener ModifyListener ModifyListenerAttributes"),
    lb("loadbalancer/app/{name}/1", "CreateListener"),
    any("elasticloadbalancing:DescribeListenerAttributes DescribeListeners DescribeTags"),
  ],
  "aws:lb/listenerRule:ListenerRule": [
    lb("listener-rule/app/{name}/1/2/3", "DeleteRule ModifyRule SetRulePriorities"),
    lb("listener/app/{name}/1/2", "CreateRule"),
    any("elasticloadbalancing:DescribeRules DescribeTags"),
  ],
  "aws:lb/loadBalancer:LoadBalancer": [
    lb(
      "loadbalancer/app/{name}/1",
      "CreateLoadBalancer DeleteLoadBalancer ModifyLoadBalancerAttributes SetIpAddressType SetSecurityGroups SetSubnets",
    ),
    any("elasticloadbalancing:DescribeCapacityReservation DescribeLoadBalancerAttributes DescribeLoadBalancers DescribeTags"),
    any("ec2:DescribeNetworkInterfaces"),
    linked("elasticloadbalancing"),
  ],
  "aws:lb/targetGroup:TargetGroup": [
    lb("targetgroup/{name}/1", "CreateTargetGroup DeleteTargetGroup ModifyTargetGroup ModifyTargetGroupAttributes"),
    any("elasticloadbalancing:DescribeTags DescribeTargetGroupAttributes DescribeTargetGroups"),
  ],
  "aws:rds/instance:Instance": [
    here(
      "rds",
      "db:{name}",
      `CreateDBInstance CreateDBInstanceReadReplica DeleteDBInstance DescribeDBInstances ModifyDBInstance PromoteReadReplica RebootDBInstance ${tags}`,
    ),
    here("rds", "snapshot:{name}-final", "CreateDBSnapshot"),
    masterSecret,
    ...encrypts("rds"),
    lends,
    pass("monitoring.rds"),
    linked("rds"),
  ],
  "aws:rds/instanceAutomatedBackupsReplication:InstanceAutomatedBackupsReplication": [
    here("rds", "auto-backup:id", "StartDBInstanceAutomatedBackupsReplication StopDBInstanceAutomatedBackupsReplication"),
    any("rds:DescribeDBInstanceAutomatedBackups DescribeDBInstances"),
    ...encrypts("rds"),
    lends,
  ],
  "aws:rds/parameterGroup:ParameterGroup": [
    here(
      "rds",
      "pg:{name}",
      `CreateDBParameterGroup DeleteDBParameterGroup DescribeDBParameterGroups DescribeDBParameters ModifyDBParameterGroup ResetDBParameterGroup ${tags}`,
    ),
  ],
  "aws:rds/subnetGroup:SubnetGroup": [
    here("rds", "subgrp:{name}", `CreateDBSubnetGroup DeleteDBSubnetGroup DescribeDBSubnetGroups ModifyDBSubnetGroup ${tags}`),
  ],
  "aws:route53/healthCheck:HealthCheck": [
    any("route53:CreateHealthCheck"),
    on(
      "arn:aws:route53:::healthcheck/id",
      "route53:ChangeTagsForResource DeleteHealthCheck GetHealthCheck ListTagsForResource UpdateHealthCheck",
    ),
  ],
  "aws:route53/record:Record": [
    on(zone, "route53:ChangeResourceRecordSets GetHostedZone ListResourceRecordSets", {
      "route53:ChangeResourceRecordSetsNormalizedRecordNames": ["{domain}"],
    }),
    on("arn:aws:route53:::change/C1", "route53:GetChange"),
  ],
  "aws:route53/zone:Zone": [
    any("route53:CreateHostedZone"),
    on(
      "arn:aws:route53:::hostedzone/Z1",
      "route53:ChangeTagsForResource DeleteHostedZone GetHostedZone ListResourceRecordSets ListTagsForResource UpdateHostedZoneComment",
    ),
    on("arn:aws:route53:::change/C1", "route53:GetChange"),
  ],
  "aws:s3/bucket:Bucket": bucket(
    "CreateBucket DeleteBucket GetAccelerateConfiguration GetBucketAcl GetBucketCORS GetBucketLocation GetBucketLogging GetBucketObjectLockConfiguration GetBucketPolicy GetBucketRequestPayment GetBucketTagging GetBucketVersioning GetBucketWebsite GetEncryptionConfiguration GetLifecycleConfiguration GetReplicationConfiguration ListBucket ListTagsForResource PutBucketObjectLockConfiguration PutBucketTagging TagResource UntagResource",
  ),
  "aws:s3/bucketCorsConfiguration:BucketCorsConfiguration": bucket("GetBucketCORS PutBucketCORS"),
  "aws:s3/bucketLifecycleConfiguration:BucketLifecycleConfiguration": bucket("GetLifecycleConfiguration PutLifecycleConfiguration"),
  "aws:s3/bucketObjectLockConfiguration:BucketObjectLockConfiguration": bucket(
    "GetBucketObjectLockConfiguration PutBucketObjectLockConfiguration",
  ),
  "aws:s3/bucketOwnershipControls:BucketOwnershipControls": bucket("GetBucketOwnershipControls PutBucketOwnershipControls"),
  "aws:s3/bucketPolicy:BucketPolicy": bucket("DeleteBucketPolicy GetBucketPolicy PutBucketPolicy"),
  "aws:s3/bucketPublicAccessBlock:BucketPublicAccessBlock": bucket("GetBucketPublicAccessBlock PutBucketPublicAccessBlock"),
  "aws:s3/bucketReplicationConfig:BucketReplicationConfig": [
    ...bucket("GetReplicationConfiguration PutReplicationConfiguration"),
    pass("s3"),
  ],
  "aws:s3/bucketServerSideEncryptionConfiguration:BucketServerSideEncryptionConfiguration": bucket(
    "GetEncryptionConfiguration PutEncryptionConfiguration",
  ),
  "aws:s3/bucketVersioning:BucketVersioning": bucket("GetBucketVersioning PutBucketVersioning"),
  "aws:scheduler/schedule:Schedule": [
    here("scheduler", "schedule/default/{name}", "CreateSchedule DeleteSchedule GetSchedule UpdateSchedule"),
    pass("scheduler"),
  ],
  "aws:secretsmanager/secret:Secret": [
    { ...here("secretsmanager", "secret:{name}-AbCdEf", "CreateSecret ReplicateSecretToRegions TagResource"), context: untagged },
    here(
      "secretsmanager",
      "secret:{name}-AbCdEf",
      "DeleteSecret DescribeSecret GetResourcePolicy RemoveRegionsFromReplication RestoreSecret TagResource UntagResource UpdateSecret",
    ),
    ...encrypts("secretsmanager"),
  ],
  "aws:secretsmanager/secretVersion:SecretVersion": [
    here(
      "secretsmanager",
      "secret:{name}-AbCdEf",
      "DescribeSecret GetSecretValue ListSecretVersionIds PutSecretValue UpdateSecretVersionStage",
    ),
    ...encrypts("secretsmanager"),
  ],
  "aws:sns/topic:Topic": [
    here("sns", "{name}", "CreateTopic DeleteTopic GetTopicAttributes ListTagsForResource SetTopicAttributes TagResource UntagResource"),
  ],
  "aws:sns/topicPolicy:TopicPolicy": [here("sns", "{name}", "GetTopicAttributes SetTopicAttributes")],
  "aws:sns/topicSubscription:TopicSubscription": [
    here("sns", "{name}", "GetSubscriptionAttributes ListSubscriptionsByTopic Subscribe"),
    any("sns:SetSubscriptionAttributes Unsubscribe"),
  ],
  "aws:sqs/queue:Queue": [
    here("sqs", "{name}", "CreateQueue DeleteQueue GetQueueAttributes GetQueueUrl ListQueueTags SetQueueAttributes TagQueue UntagQueue"),
  ],
  "aws:sqs/queuePolicy:QueuePolicy": [here("sqs", "{name}", "GetQueueAttributes SetQueueAttributes")],
  "aws:ssm/parameter:Parameter": [
    here(
      "ssm",
      "parameter{name}",
      "AddTagsToResource DeleteParameter GetParameter GetParameters ListTagsForResource PutParameter RemoveTagsFromResource",
    ),
    any("ssm:DescribeParameters"),
  ],
  "aws:vpc/securityGroupEgressRule:SecurityGroupEgressRule": [
    ec2("security-group", "AuthorizeSecurityGroupEgress ModifySecurityGroupRules RevokeSecurityGroupEgress"),
    any("ec2:DescribeSecurityGroupRules"),
  ],
  "aws:vpc/securityGroupIngressRule:SecurityGroupIngressRule": [
    ec2("security-group", "AuthorizeSecurityGroupIngress ModifySecurityGroupRules RevokeSecurityGroupIngress"),
    any("ec2:DescribeSecurityGroupRules"),
  ],
  "aws:wafv2/ipSet:IpSet": [
    here("wafv2", "regional/ipset/{name}/id", "CreateIPSet DeleteIPSet GetIPSet ListTagsForResource TagResource UntagResource UpdateIPSet"),
  ],
  "aws:wafv2/webAcl:WebAcl": [
    here(
      "wafv2",
      "regional/webacl/{name}/id",
      "CreateWebACL DeleteWebACL GetWebACL ListTagsForResource TagResource UntagResource UpdateWebACL",
    ),
  ],
  "aws:wafv2/webAclAssociation:WebAclAssociation": [
    here("wafv2", "regional/webacl/{name}/id", "AssociateWebACL DisassociateWebACL GetWebACL GetWebACLForResource"),
    on(
      "arn:aws:elasticloadbalancing:{region}:{account}:loadbalancer/app/{name}/1",
      "wafv2:AssociateWebACL DisassociateWebACL GetWebACLForResource",
    ),
    lb("loadbalancer/app/{name}/1", "SetWebAcl"),
    any("elasticloadbalancing:DescribeWebACLAssociation"),
  ],
  "aws:wafv2/webAclLoggingConfiguration:WebAclLoggingConfiguration": [
    here("wafv2", "regional/webacl/{name}/id", "DeleteLoggingConfiguration GetLoggingConfiguration PutLoggingConfiguration"),
    wafLogs,
    linked("wafv2"),
  ],
};
