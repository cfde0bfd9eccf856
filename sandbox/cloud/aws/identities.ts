/** What AWS computes of new objects, in its own formats, where a template of the facts cannot say it. */
import { createHash } from "node:crypto";
import type { Properties, Value } from "../../provider/values.ts";
import type { Identity } from "../identity.ts";
import type { LiveStore } from "../liveStore.ts";
import { randomHex } from "../randomness.ts";
import { zoneIdOf } from "./zones.ts";

const flowLogFormat =
  // biome-ignore lint/suspicious/noTemplateCurlyInString: these are AWS's own placeholders
  "${version} ${account-id} ${interface-id} ${srcaddr} ${dstaddr} ${srcport} ${dstport} ${protocol} ${packets} ${bytes} ${start} ${end} ${action} ${log-status}";

export const identities: Readonly<Record<string, Partial<Identity>>> = {
  "aws:ecs/service:Service": {
    id: ({ cluster, name }, { account, region }) => `arn:aws:ecs:${region}:${account}:service/${clusterName(cluster)}/${name}`,
  },
  "aws:ecs/taskDefinition:TaskDefinition": {
    compute: ({ family }, { account, region }, store) => {
      const earlier = store.all("aws:ecs/taskDefinition:TaskDefinition").filter(({ properties }) => properties.family === family);
      const revision = 1 + Math.max(0, ...earlier.map(({ properties }) => Number(properties.revision)));
      const arnWithoutRevision = `arn:aws:ecs:${region}:${account}:task-definition/${family}`;
      return { revision, arn: `${arnWithoutRevision}:${revision}`, arnWithoutRevision };
    },
  },
  "aws:iam/role:Role": {
    compute: ({ name, path }, { account }) => ({ arn: `arn:aws:iam::${account}:role${path ?? "/"}${name}` }),
  },
  "aws:acm/certificate:Certificate": {
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
  "aws:route53/record:Record": {
    id: ({ zoneId, name, type, setIdentifier }) => [zoneId, name, type, setIdentifier].filter((part) => part !== undefined).join("_"),
  },
  "aws:s3/bucket:Bucket": {
    compute: (_, { account }) => ({
      grants: [{ id: canonicalUser(account), permissions: ["FULL_CONTROL"], type: "CanonicalUser", uri: "" }],
    }),
  },
  "aws:ec2/subnet:Subnet": {
    compute: ({ availabilityZone }) => ({ availabilityZoneId: zoneIdOf(String(availabilityZone)) }),
  },
  "aws:ec2/eip:Eip": {
    compute: () => {
      const address = `203.0.113.${Number.parseInt(randomHex(2), 16)}`; // TEST-NET-3 (RFC 5737): addresses that nobody owns
      return { publicIp: address, publicDns: `ec2-${address.replaceAll(".", "-")}.compute-1.amazonaws.com` };
    },
  },
  "aws:ec2/natGateway:NatGateway": {
    compute: ({ subnetId, allocationId }, _, store) => ({
      vpcId: outputOf(store, "aws:ec2/subnet:Subnet", subnetId, "vpcId"),
      publicIp: outputOf(store, "aws:ec2/eip:Eip", allocationId, "publicIp"),
    }),
  },
  "aws:ec2/route:Route": {
    id: ({ routeTableId, destinationCidrBlock, destinationIpv6CidrBlock, destinationPrefixListId }) =>
      `r-${routeTableId}${hashOf(String(destinationCidrBlock ?? destinationIpv6CidrBlock ?? destinationPrefixListId))}`,
  },
  "aws:ec2/flowLog:FlowLog": {
    compute: () => ({ logFormat: flowLogFormat }),
  },
  "aws:lb/loadBalancer:LoadBalancer": {
    compute: ({ id, subnets }, _, store) => ({
      arnSuffix: String(id).replace(/^.*:loadbalancer\//, ""),
      vpcId: outputOf(store, "aws:ec2/subnet:Subnet", Array.isArray(subnets) ? subnets[0] : undefined, "vpcId"),
      subnetMappings: (Array.isArray(subnets) ? subnets : []).map((subnetId) => ({ subnetId })),
    }),
  },
  "aws:lb/targetGroup:TargetGroup": {
    compute: ({ id }) => ({ arnSuffix: String(id).replace(/^.*:targetgroup\//, "targetgroup/") }),
  },
  "aws:lb/listener:Listener": {
    id: ({ loadBalancerArn }) => `${String(loadBalancerArn).replace(":loadbalancer/", ":listener/")}/${randomHex(16)}`,
  },
  "aws:lb/listenerRule:ListenerRule": {
    id: ({ listenerArn }) => `${String(listenerArn).replace(":listener/", ":listener-rule/")}/${randomHex(16)}`,
  },
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

function outputOf(store: LiveStore, type: string, id: Value | undefined, name: string): Value {
  return store.all(type).find((object) => object.id === id)?.properties[name] ?? "";
}

/** What Terraform calls a route's destination in its id. */
function hashOf(text: string): string {
  return String(Number.parseInt(createHash("sha256").update(text).digest("hex").slice(0, 8), 16));
}
