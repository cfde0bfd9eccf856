/** Differences that are left, each with its reason. One that no longer occurs fails the acceptance: it belongs out of here. */
import type { Exception } from "./findings.ts";

/** Outputs that the API server gives another form, or leaves out. */
const otherThanAws: readonly (readonly [type: string, where: string, reason: string])[] = [
  ["aws:acm/certificate:Certificate", "notBefore", "the API server dates a certificate before it is issued, AWS after"],
  ["aws:acm/certificate:Certificate", "notAfter", "the API server dates a certificate before it is issued, AWS after"],
  ["aws:appautoscaling/target:Target", "roleArn", "AWS answers with its service-linked role, the API server with none"],
  ["aws:ec2/eip:Eip", "networkBorderGroup", "AWS answers with the region, the API server with nothing"],
  ["aws:ec2/eip:Eip", "publicIpv4Pool", "AWS answers with amazon, the API server with nothing"],
  ["aws:ec2/natGateway:NatGateway", "associationId", "the API server does not associate the address"],
  ["aws:ec2/natGateway:NatGateway", "networkInterfaceId", "the API server makes no network interface"],
  ["aws:ec2/natGateway:NatGateway", "publicIp", "the API server does not associate the address"],
  ["aws:ec2/vpc:Vpc", "dhcpOptionsId", "AWS answers with the id of the region's options, the API server with the word default"],
  ["aws:lb/listener:Listener", "sslPolicy", "the API server gives an HTTP listener one as well"],
  ["aws:lb/listener:Listener", "tcpIdleTimeoutSeconds", "the API server gives an HTTP listener one as well"],
  [
    "aws:sns/topicSubscription:TopicSubscription",
    "pendingConfirmation",
    "AWS waits until somebody confirms an e-mail address, the API server does not",
  ],
];

/** What the AWS provider works out about a table only when it compares. */
const tables: readonly (readonly [where: string, reason: string])[] = [
  ["attributes[].name changed", "the provider refuses an attribute that is no key; the component makes attributes of its keys"],
  ["attributes[].type changed", "the provider sees no change in another type of one attribute; the sandbox updates it"],
  ["hashKey changed", "the provider refuses a key that is no attribute; the component makes attributes of its keys"],
  ["localSecondaryIndexes added", "the provider refuses an index whose key is no attribute; the component makes attributes of its keys"],
  ["rangeKey added", "the provider refuses a key that is no attribute; the component makes attributes of its keys"],
  ["region changed", "the provider gives no answer on a table that the API server is asked for in another region"],
  ["restoreBackupArn added", "the provider replaces the table; nothing here restores one in its place"],
  ["restoreSourceName added", "the provider replaces the table; nothing here restores one in its place"],
  ["restoreSourceTableArn added", "the provider replaces the table; nothing here restores one in its place"],
];

export const exceptions: readonly Exception[] = [
  ...otherThanAws.map(([type, where, reason]) => ({ comparison: "outputs" as const, type, where, reason })),
  {
    comparison: "bad inputs",
    type: "aws:s3/bucketLifecycleConfiguration:BucketLifecycleConfiguration",
    where: "timeouts added",
    reason: "the sandbox waits for nothing and does not look at time-outs; Pulumi programs set customTimeouts instead",
  },
  {
    comparison: "bad inputs",
    type: "aws:secretsmanager/secret:Secret",
    where: "policy added with a wrong type",
    reason: "Pulumi's SDK takes a document where the schema has a string of JSON, and the sandbox as well",
  },
  {
    comparison: "good inputs",
    type: "aws:secretsmanager/secretVersion:SecretVersion",
    where: "secretString",
    reason: "the provider's check marks it as a secret; the sandbox keeps the program's own marks, and the outputs' are compared",
  },
  {
    comparison: "changes",
    type: "aws:secretsmanager/secretVersion:SecretVersion",
    where: "secretString left out",
    reason: "the provider updates a version to one without a value; nothing here takes a value away",
  },
  ...tables.map(([where, reason]) => ({ comparison: "changes" as const, type: "aws:dynamodb/table:Table", where, reason })),
];
