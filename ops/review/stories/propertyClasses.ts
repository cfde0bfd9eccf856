/** Properties that are told by their name and both values, and the class of each: what another value does. */
import type { Risk } from "../risk.ts";

type Classes = Partial<Readonly<Record<Risk, RegExp>>>;

/** By type, as `shortType` has it; the first class whose pattern fits counts. A property that is not here is one that nobody judged. */
const classes: readonly (readonly [type: RegExp, Classes])[] = [
  // requests
  [/^acm\./, { traffic: /./ }],
  [
    /^cloudfront\.distribution$/,
    {
      outage: /^enabled$/,
      exposure: /^restrictions/,
      traffic:
        /^(aliases|customErrorResponses|defaultCacheBehavior|defaultRootObject|orderedCacheBehaviors|origins|originGroups|viewerCertificate|httpVersion|isIpv6Enabled|priceClass)\b/,
      routine: /^waitForDeployment$/,
    },
  ],
  [/^cloudfront\.responseHeadersPolicy$/, { guard: /^securityHeadersConfig\b/ }],
  [/^cloudfront\./, { routine: /^(comment|publish)$/, traffic: /./ }],
  [
    /^lb\.loadBalancer$/,
    { traffic: /^(clientKeepAlive|dnsRecordClientRoutingPolicy|enableHttp2|idleTimeout|subnets|securityGroups|loadBalancerType)\b/ },
  ],
  [/^lb\.listener$/, { traffic: /^(certificateArn|defaultActions|port|protocol|loadBalancerArn)\b/ }],
  [/^lb\.listenerRule$/, { traffic: /^(actions|listenerArn)\b/ }],
  [/^lb\.targetGroup$/, { traffic: /^(deregistrationDelay|healthCheck|stickiness|port|protocol|targetType|vpcId)\b/ }],
  [
    /^route53\.record$/,
    {
      guard: /\.evaluateTargetHealth$/,
      traffic: /^(aliases|failoverRoutingPolicies|healthCheckId|setIdentifier|type|zoneId)\b/,
      routine: /^allowOverwrite$/,
    },
  ],
  [
    /^route53\.healthCheck$/,
    {
      guard: /^(childHealth|cloudwatchAlarm|enableSni|fqdn|insufficientData|invertHealthcheck|port|regions|resourcePath|searchString|type)/,
      routine: /^measureLatency$/,
    },
  ],
  [/^dnsRecord$/, { traffic: /^(name|type|zoneId)$/ }],
  [/^ruleset$/, { traffic: /^(kind|phase|zoneId)$/ }],
  [/^zoneSetting$/, { traffic: /./ }],
  [/^wafv2\.webAcl$/, { guard: /^visibilityConfig\b/, traffic: /^scope$/ }],
  [/^wafv2\.webAclAssociation$/, { guard: /./ }],
  [/^HTTPRoute$/, { traffic: /^spec\b/ }],
  [/^Service$/, { traffic: /^spec\b/ }],
  // networks
  [/^ec2\.(route|routeTable|routeTableAssociation|internetGateway|natGateway|eip|subnet|vpc)$/, { traffic: /./ }],
  [/^ec2\.vpcEndpoint$/, { exposure: /^policy\b/, traffic: /./ }],
  [/^ec2\.managedPrefixList$/, { exposure: /^entries\b/, traffic: /^(addressFamily|maxEntries|name)$/ }],
  [/^ec2\.(securityGroup|defaultSecurityGroup)$/, { exposure: /^egress\b/, traffic: /^vpcId$/ }],
  [/^ec2\.flowLog$/, { guard: /./ }],
  [/^vpc\.securityGroupEgressRule$/, { exposure: /./ }],
  [/^vpc\.securityGroupIngressRule$/, { exposure: /^securityGroupId$/ }],
  // tasks and functions
  [/^ecs\.cluster$/, { guard: /^settings\b/ }],
  [
    /^ecs\.service$/,
    {
      traffic:
        /^(loadBalancers|networkConfiguration|healthCheckGracePeriodSeconds|cluster|launchType|schedulingStrategy|platformVersion|availabilityZoneRebalancing|deploymentMaximumPercent)\b/,
      routine: /^(waitForSteadyState|enableEcsManagedTags|propagateTags)$/,
    },
  ],
  [
    /^ecs\.taskDefinition$/,
    {
      exposure: /^(taskRoleArn|executionRoleArn|networkMode|volumes)\b/,
      guard: /\.(logConfiguration|essential)\b/,
      routine: /\.dockerLabels\b/,
      traffic:
        /^(containerDefinitions\.[^.]+\.(portMappings|healthCheck|mountPoints|dependsOn|ulimits|startTimeout|systemControls|cpu|memory\w*)|runtimePlatform|requiresCompatibilities|family)\b/,
    },
  ],
  [
    /^Deployment$/,
    { exposure: /\.(serviceAccountName|hostNetwork|hostPID|securityContext|automountServiceAccountToken)\b/, traffic: /^spec\b/ },
  ],
  [/^HorizontalPodAutoscaler$/, { guard: /^spec\b/ }],
  [/^ServiceAccount$/, { exposure: /./ }],
  [/^appautoscaling\./, { guard: /./ }],
  [
    /^lambda\.function$/,
    {
      exposure: /^(role|vpcConfig)\b/,
      guard: /^(deadLetterConfig|loggingConfig|tracingConfig|reservedConcurrentExecutions|kmsKeyArn)\b/,
      routine: /^(code|environment|memorySize|timeout|handler|runtime|architectures|packageType|publish|sourceCodeHash)\b/,
    },
  ],
  [/^scheduler\.schedule$/, { guard: /./ }],
  // data
  [
    /^(rds|docdb)\.(instance|cluster|clusterInstance)$/,
    {
      outage:
        /^(port|parameterGroupName|dbClusterParameterGroupName|dbSubnetGroupName|caCertIdentifier|username|masterUsername|password|availabilityZone|engine|storageType)$/,
      exposure: /^(vpcSecurityGroupIds|manageMasterUserPassword|masterUserSecretKmsKeyId)\b/,
      guard:
        /^(enabledCloudwatchLogsExports|performanceInsights\w*|enablePerformanceInsights|autoMinorVersionUpgrade|allowMajorVersionUpgrade|applyImmediately|copyTagsToSnapshot|backupWindow|preferredBackupWindow|replicateSourceDb)\b/,
      routine: /^(maintenanceWindow|preferredMaintenanceWindow|identifier|clusterIdentifier|dbName|finalSnapshotIdentifier)$/,
    },
  ],
  [
    /^elasticache\.replicationGroup$/,
    {
      outage: /^(port|parameterGroupName|subnetGroupName|engine)$/,
      exposure: /^(securityGroupIds|userGroupIds)\b/,
      guard: /^(logDeliveryConfigurations|autoMinorVersionUpgrade|applyImmediately|snapshotWindow)\b/,
      routine: /^(maintenanceWindow|replicationGroupId|finalSnapshotIdentifier)$/,
    },
  ],
  [/^elasticache\.user(Group)?$/, { exposure: /./ }],
  [/^(rds|docdb|elasticache)\.subnetGroup$/, { traffic: /./ }],
  [/^rds\.instanceAutomatedBackupsReplication$/, { guard: /./ }],
  [/^dynamodb\.table$/, { guard: /^(serverSideEncryption|billingMode|tableClass)\b/, traffic: /^(globalSecondaryIndexes|attributes)\b/ }],
  [
    /^efs\.(fileSystem|backupPolicy|accessPoint|mountTarget)$/,
    { guard: /^(lifecyclePolicies|backupPolicy)\b/, exposure: /^(securityGroups|posixUser)\b/, traffic: /./ },
  ],
  [/^s3\.bucketLifecycleConfiguration$/, { guard: /^rules\b/ }],
  [
    /^s3\.bucket(ObjectLockConfiguration|OwnershipControls|ReplicationConfig|ServerSideEncryptionConfiguration|Versioning)$/,
    { guard: /./ },
  ],
  [/^secretsmanager\.secret$/, { guard: /^(kmsKeyId|replicas)\b/ }],
  [/^secretsmanager\.secretVersion$/, { routine: /^secretString$/ }],
  [/^ssm\.parameter$/, { routine: /^(insecureValue|value)\b/, guard: /^type$/ }],
  [/^kms\.(alias|key)$/, { outage: /^(targetKeyId|customerMasterKeySpec|keyUsage)$/ }],
  [/^ecr\./, { guard: /./ }],
  [/^backup\./, { guard: /./ }],
  // watching
  [/^cloudwatch\.(dashboard|queryDefinition)$/, { routine: /./ }],
  [/^cloudwatch\.(eventRule|eventTarget|logDelivery\w*|logMetricFilter)$/, { guard: /./ }],
  [/^cloudwatch\.logGroup$/, { guard: /^kmsKeyId$/ }],
  [
    /^(sns|chatbot|budgets)\./,
    {
      guard:
        /^(kmsMasterKeyId|guardrailPolicyArns|iamRoleArn|notifications|snsTopicArns|slack\w+|endpoint|protocol|topic|costFilters|costTypes|userAuthorizationRequired|timeUnit|timePeriod\w*|budgetType|limitUnit|accountId)\b/,
      routine: /^(displayName|loggingLevel|configurationName|confirmationTimeoutInMinutes|endpointAutoConfirms)$/,
    },
  ],
  [
    /^sqs\.queue$/,
    {
      guard: /^(kmsMasterKeyId|sqsManagedSseEnabled|redrivePolicy|maxMessageSize)\b/,
      routine: /^(kmsDataKeyReusePeriodSeconds|visibilityTimeoutSeconds)$/,
    },
  ],
  // a cluster's object: another name is another object
  [/^[A-Z]\w+$/, { exposure: /^metadata\.labels\["pod-security/, outage: /^metadata\.(name|namespace)$/, traffic: /^(apiVersion|kind)$/ }],
  // rights
  [/^iam\.(openIdConnectProvider|rolePolicyAttachment)$/, { exposure: /./ }],
  [
    /^providers\./,
    {
      outage: /^(context|clusterIdentifier|region)$/,
      guard: /^(allowedAccountIds|skip\w+)\b/,
      routine: /^(version|kubeconfig|enable\w+|pluginDownloadURL|apiToken)$/,
    },
  ],
];

/** The class of another value; undefined where nothing here knows. @param type as `shortType` has it */
export function classOf(type: string, path: string): Risk | undefined {
  const found = classes.filter(([types]) => types.test(type)).flatMap(([, one]) => Object.entries(one) as [Risk, RegExp][]);
  return found.find(([, paths]) => paths.test(path))?.[0];
}
