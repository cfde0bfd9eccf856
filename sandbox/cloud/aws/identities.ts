/** Ids, ARNs and computed outputs of AWS objects, in AWS's own formats. */
import { createHash } from "node:crypto";
import type { Properties } from "../../provider/values.ts";
import { type Identity, randomHex } from "../identity.ts";

const arn = (service: string, resource: string) => `arn:aws:${service}:{region}:{account}:${resource}`;
const globalArn = (service: string, resource: string) => `arn:aws:${service}::{account}:${resource}`;

export const identities: Readonly<Record<string, Identity>> = {
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
    outputs: { arn: arn("ec2", "subnet/{id}"), ownerId: "{account}", availabilityZoneId: "" },
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
    outputs: { networkInterfaceId: "eni-{hex17}", publicIp: "", privateIp: "", associationId: "eipassoc-{hex17}" },
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
    },
  },
  "aws:ec2/flowLog:FlowLog": { id: "fl-{hex17}", outputs: { arn: arn("ec2", "vpc-flow-log/{id}") } },
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
    outputs: { arn: "{id}", dnsName: "{name}-{digits10}.{region}.elb.amazonaws.com", zoneId: "Z35SXDOTRQ7X7K", vpcId: "" },
    nameLimit: 32,
    compute: ({ id }) => ({ arnSuffix: String(id).replace(/^.*:loadbalancer\//, "") }),
  },
  "aws:lb/targetGroup:TargetGroup": {
    id: arn("elasticloadbalancing", "targetgroup/{name}/{hex16}"),
    outputs: { arn: "{id}", loadBalancerArns: [] },
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

  // containers
  "aws:ecs/cluster:Cluster": { id: arn("ecs", "cluster/{name}"), outputs: { arn: "{id}" } },
  "aws:ecs/clusterCapacityProviders:ClusterCapacityProviders": { id: "{clusterName}" },
  "aws:ecs/service:Service": {
    id: ({ cluster, name }, { account, region }) => `arn:aws:ecs:${region}:${account}:service/${clusterName(cluster)}/${name}`,
    outputs: { arn: "{id}", platformVersion: "LATEST" },
  },
  "aws:ecs/taskDefinition:TaskDefinition": {
    id: "{family}",
    key: "arn",
    compute: ({ family }, { account, region }, store) => {
      const earlier = store.all("aws:ecs/taskDefinition:TaskDefinition").filter(({ properties }) => properties.family === family);
      const revision = 1 + Math.max(0, ...earlier.map(({ properties }) => Number(properties.revision)));
      const arnWithoutRevision = `arn:aws:ecs:${region}:${account}:task-definition/${family}`;
      return { revision, arn: `${arnWithoutRevision}:${revision}`, arnWithoutRevision };
    },
  },
  "aws:ecr/repository:Repository": {
    id: "{name}",
    outputs: {
      arn: arn("ecr", "repository/{name}"),
      registryId: "{account}",
      repositoryUrl: "{account}.dkr.ecr.{region}.amazonaws.com/{name}",
    },
    lowerCase: true,
  },
  "aws:ecr/lifecyclePolicy:LifecyclePolicy": { id: "{repository}", outputs: { registryId: "{account}" } },
  "aws:ecr/repositoryPolicy:RepositoryPolicy": { id: "{repository}", outputs: { registryId: "{account}" } },
  "aws:appautoscaling/target:Target": {
    id: "{resourceId}",
    outputs: {
      arn: arn("application-autoscaling", "scalable-target/{hex36}"),
      roleArn: globalArn(
        "iam",
        "role/aws-service-role/ecs.application-autoscaling.amazonaws.com/AWSServiceRoleForApplicationAutoScaling_ECSService",
      ),
    },
  },
  "aws:appautoscaling/policy:Policy": {
    id: "{name}",
    key: "arn",
    outputs: { arn: arn("autoscaling", "scalingPolicy:{uuid}:resource/{serviceNamespace}/{resourceId}:policyName/{name}"), alarmArns: [] },
  },

  // identity, keys, logs
  "aws:iam/role:Role": {
    id: "{name}",
    outputs: { arn: globalArn("iam", "role/{name}"), uniqueId: "AROA{digits17}", createDate: "2026-01-01T00:00:00Z" },
    nameLimit: 64,
  },
  "aws:iam/rolePolicy:RolePolicy": { id: "{role}:{name}", nameLimit: 128 },
  "aws:iam/rolePolicyAttachment:RolePolicyAttachment": { id: "{role}/{policyArn}" },
  "aws:iam/policy:Policy": {
    id: globalArn("iam", "policy/{name}"),
    outputs: { arn: "{id}", policyId: "ANPA{digits17}", attachmentCount: 0 },
    nameLimit: 128,
  },
  "aws:kms/key:Key": { id: "{uuid}", outputs: { arn: arn("kms", "key/{id}"), keyId: "{id}" } },
  "aws:kms/alias:Alias": { id: "{name}", outputs: { arn: arn("kms", "{name}"), targetKeyArn: arn("kms", "key/{targetKeyId}") } },
  "aws:cloudwatch/logGroup:LogGroup": { id: "{name}", outputs: { arn: arn("logs", "log-group:{name}") } },

  // certificates and names
  "aws:acm/certificate:Certificate": {
    id: arn("acm", "certificate/{uuid}"),
    outputs: { arn: "{id}", status: "PENDING_VALIDATION", renewalEligibility: "INELIGIBLE", type: "AMAZON_ISSUED" },
    compute: ({ domainName, subjectAlternativeNames }) => ({
      domainValidationOptions: [
        ...new Set([String(domainName), ...(Array.isArray(subjectAlternativeNames) ? subjectAlternativeNames.map(String) : [])]),
      ].map((name) => ({
        domainName: name,
        resourceRecordName: `_${tokenOf(name, 0)}.${name.replace(/^\*\./, "")}.`,
        resourceRecordType: "CNAME",
        resourceRecordValue: `_${tokenOf(name, 1)}.acm-validations.aws.`,
      })),
    }),
  },
  "aws:acm/certificateValidation:CertificateValidation": { id: "2026-01-01 00:00:00 +0000 UTC", key: "certificateArn" },
  "aws:route53/zone:Zone": {
    id: "Z{digits20}",
    outputs: {
      arn: "arn:aws:route53:::hostedzone/{id}",
      zoneId: "{id}",
      nameServers: ["ns-1.awsdns-01.com", "ns-2.awsdns-02.net", "ns-3.awsdns-03.org", "ns-4.awsdns-04.co.uk"],
      primaryNameServer: "ns-1.awsdns-01.com",
    },
  },
  "aws:route53/record:Record": {
    id: ({ zoneId, name, type, setIdentifier }) => [zoneId, name, type, setIdentifier].filter((part) => part !== undefined).join("_"),
    outputs: { fqdn: "{name}" },
  },

  // s3
  "aws:s3/bucket:Bucket": {
    id: "{bucket}",
    outputs: {
      arn: "arn:aws:s3:::{bucket}",
      bucketDomainName: "{bucket}.s3.amazonaws.com",
      bucketRegionalDomainName: "{bucket}.s3.{region}.amazonaws.com",
      hostedZoneId: "Z3AQBSTGFYJSTF",
    },
    autoName: "bucket",
    nameLimit: 63,
    lowerCase: true,
  },
  "aws:s3/bucketObject:BucketObject": {
    id: "{bucket}/{key}",
    outputs: { arn: "arn:aws:s3:::{bucket}/{key}", etag: "{hex32}", versionId: "" },
  },
  "aws:s3/bucketObjectv2:BucketObjectv2": {
    id: "{bucket}/{key}",
    outputs: { arn: "arn:aws:s3:::{bucket}/{key}", etag: "{hex32}", versionId: "" },
  },
  "aws:s3/bucketPolicy:BucketPolicy": { id: "{bucket}" },
  "aws:s3/bucketPublicAccessBlock:BucketPublicAccessBlock": { id: "{bucket}" },
  "aws:s3/bucketOwnershipControls:BucketOwnershipControls": { id: "{bucket}" },
  "aws:s3/bucketVersioning:BucketVersioning": { id: "{bucket}" },
  "aws:s3/bucketLifecycleConfiguration:BucketLifecycleConfiguration": { id: "{bucket}" },
  "aws:s3/bucketServerSideEncryptionConfiguration:BucketServerSideEncryptionConfiguration": { id: "{bucket}" },
};

/** What Terraform calls a route's destination in its id. */
function hashOf(text: string): string {
  return String(Number.parseInt(createHash("sha256").update(text).digest("hex").slice(0, 8), 16));
}

/** Validation tokens differ by domain and stay the same for it, as ACM's do within an account. */
function tokenOf(domain: string, part: number): string {
  return createHash("sha256")
    .update(`${part}:${domain.replace(/^\*\./, "")}`)
    .digest("hex")
    .slice(0, 32);
}

function clusterName(cluster: Properties[string] | undefined): string {
  return String(cluster ?? "default").replace(/^.*:cluster\//, "");
}
