/** Ids, ARNs and computed outputs of AWS objects, in AWS's own formats; those of networks are in a file of their own. */
import { createHash } from "node:crypto";
import type { Properties } from "../../provider/values.ts";
import type { Identity } from "../identity.ts";
import { arn, globalArn } from "./arns.ts";

export const identities: Readonly<Record<string, Identity>> = {
  // containers
  "aws:ecs/cluster:Cluster": { id: arn("ecs", "cluster/{name}"), outputs: { arn: "{id}" } },
  "aws:ecs/clusterCapacityProviders:ClusterCapacityProviders": { id: "{clusterName}" },
  "aws:ecs/service:Service": {
    id: ({ cluster, name }, { account, region }) => `arn:aws:ecs:${region}:${account}:service/${clusterName(cluster)}/${name}`,
    outputs: { arn: "{id}", platformVersion: "LATEST", deploymentController: { type: "ECS" } },
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
    outputs: {
      arn: arn("autoscaling", "scalingPolicy:{uuid}:resource/{serviceNamespace}/{resourceId}:policyName/{name}"),
      alarmArns: ["AlarmHigh", "AlarmLow"].map((level) => arn("cloudwatch", `alarm:TargetTracking-{resourceId}-${level}-{uuid}`)),
    },
  },

  // identity, keys, logs
  "aws:iam/role:Role": {
    id: "{name}",
    outputs: { uniqueId: "AROA{digits17}", createDate: "2026-01-01T00:00:00Z" },
    compute: ({ name, path }, { account }) => ({ arn: `arn:aws:iam::${account}:role${path ?? "/"}${name}` }),
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
    outputs: {
      arn: "{id}",
      status: "PENDING_VALIDATION",
      renewalEligibility: "INELIGIBLE",
      type: "AMAZON_ISSUED",
      keyAlgorithm: "RSA_2048",
      options: { certificateTransparencyLoggingPreference: "ENABLED", export: "DISABLED" },
    },
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
      bucketRegion: "{region}",
      bucketNamespace: "global",
    },
    compute: (_, { account }) => ({
      grants: [{ id: canonicalUser(account), permissions: ["FULL_CONTROL"], type: "CanonicalUser", uri: "" }],
    }),
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
  "aws:s3/bucketLifecycleConfiguration:BucketLifecycleConfiguration": {
    id: "{bucket}",
    outputs: { transitionDefaultMinimumObjectSize: "all_storage_classes_128K" },
  },
  "aws:s3/bucketServerSideEncryptionConfiguration:BucketServerSideEncryptionConfiguration": { id: "{bucket}" },
};

/** S3's own name of an account, the same for all its buckets. */
function canonicalUser(account: string): string {
  return createHash("sha256").update(account).digest("hex");
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
