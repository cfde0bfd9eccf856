/** Bad configs of failover between three regions: each gives one readable problem that names the key. */
import { threeRegions } from "../failoverStack.ts";
import type { BadConfig } from "./badConfig.ts";

const secondary = "failover.secondary";
const tertiary = "failover.tertiary";

const cases: readonly BadConfig[] = [
  { edits: { [secondary]: undefined }, path: tertiary, says: "without failover.secondary, so failover is off" },
  { edits: { failover: { primary: { policy: "manual_approval" } } }, path: "failover.primary.policy", says: "so failover is off" },
  {
    edits: { [`${secondary}.region`]: "us-east-1" },
    path: `${secondary}.region`,
    says: "as aws.region",
    noFix: true,
    write: ["us-east-1a"],
  },
  {
    edits: { [`${tertiary}.region`]: "eu-west-1" },
    path: `${tertiary}.region`,
    says: "as failover.secondary.region",
    noFix: true,
    write: ["eu-west-1a"],
  },
  { edits: { [`${secondary}.region`]: "ireland" }, path: `${secondary}.region`, says: 'is "ireland"', noFix: true },
  {
    edits: { [`${secondary}.cidr`]: "10.21.128.0/17" },
    path: `${secondary}.cidr`,
    says: "meets 10.21.0.0/16 of us-east-1",
    write: ["10.120.0.0/16"],
  },
  {
    edits: { [`${tertiary}.cidr`]: "10.120.0.0/20" },
    path: `${tertiary}.cidr`,
    says: "meets 10.120.0.0/16 of eu-west-1",
    write: ["10.121.0.0/16"],
  },
  { edits: { [`${secondary}.cidr`]: "8.8.0.0/16" }, path: `${secondary}.cidr`, says: "private address block", noFix: true },
  {
    edits: { [`${secondary}.zones`]: ["eu-west-1a", "us-east-1b"] },
    path: `${secondary}.zones[1]`,
    says: "a zone of eu-west-1",
    write: ["eu-west-1b"],
  },
  {
    edits: { [`${secondary}.zones`]: ["eu-west-1a"] },
    path: `${secondary}.zones`,
    says: "two or three availability zones",
    noFix: true,
    write: ["eu-west-1b"],
  },
  { edits: { [`${secondary}.policy`]: "manual" }, path: `${secondary}.policy`, says: "one of automatic, manual_approval" },
  { edits: { [`${tertiary}.policy`]: "manual_approval" }, path: `${tertiary}.policy`, says: "no region answers after this one" },
  { edits: { "failover.approval": { region: "us-east-1" } }, path: "failover.approval.region", says: "nobody could approve anything" },
  { edits: { "failover.approval": { region: "eu-west-1" } }, path: "failover.approval.region", says: "nobody could approve anything" },
  { edits: { "failover.approval": { hours: 100 } }, path: "failover.approval.hours", says: "an integer from 1 to 72" },
  { edits: { "failover.check.intervalSeconds": 20 }, path: "failover.check.intervalSeconds", says: "10" },
  { edits: { "failover.check.failureThreshold": 11 }, path: "failover.check.failureThreshold", says: "an integer from 1 to 10" },
  { edits: { "failover.check.service": "mail" }, path: "failover.check.service", says: "does not run in every region" },
  {
    edits: { "services.api.healthCheck.path": `/${"a".repeat(121)}` },
    path: "failover.check.path",
    says: "is missing, and the path of api's health check is too long",
    write: ["/health"],
  },
  { edits: { "failover.services": ["api", "mail"] }, path: "failover.services[1]", says: "is mail, which is not among services" },
  { edits: { [`${secondary}.host`]: "api.staging.coinestate.io" }, path: `${secondary}.host`, says: "a name that fails over" },
  { edits: { [`${secondary}.host`]: "eu.api.staging.coinestate.io" }, path: `${secondary}.host`, says: "the certificate does not cover" },
  {
    edits: { "failover.domain": "failover.example.org" },
    path: "failover.domain",
    says: "a name below coinestate.io",
    write: ["failover.coinestate.io"],
  },
  {
    edits: { "failover.domain": "api.staging.coinestate.io" },
    path: "failover.domain",
    says: "that nothing else has",
    write: ["failover.coinestate.io"],
  },
  { edits: { "services.api.environment.READ_ONLY": "false" }, path: "services.api.environment.READ_ONLY", says: "failover sets it" },
  {
    edits: { "services.api.secrets.OTHER": "arn:aws:ssm:us-east-1:123456789012:parameter/coinestate/shared/key" },
    path: "services.api.secrets.OTHER",
    says: "a secret of us-east-1 alone",
    noFix: true,
  },
  { edits: { [`${secondary}.pilotTasks`]: 500 }, path: `${secondary}.pilotTasks`, says: "above the maximum" },
  {
    edits: {
      databases: { contracts: { engine: "dynamodb", partitionKey: { name: "id" } } },
      "services.api.connects": { databases: ["contracts"] },
    },
    path: "services.api.connects.databases[0]",
    says: "contracts, on dynamodb, which failover does not carry",
  },
  {
    edits: { fileSystems: { files: {} }, "services.api.connects": { fileSystems: { files: { path: "/files" } } } },
    path: "services.api.connects.fileSystems.files",
    says: "a file system, which failover does not carry",
  },
  {
    edits: {
      buckets: { kyc: { purpose: "documents", lock: { days: 1 }, replicaRegion: "eu-west-1" } },
      "services.api.connects": { buckets: { kyc: "readWrite" } },
    },
    path: "buckets.kyc.replicaRegion",
    says: "where failover keeps a copy already",
  },
];

/** Bad configs of failover between three regions. */
export const failoverCases: readonly BadConfig[] = cases.map((bad) => ({
  stack: "staging",
  ...bad,
  edits: { ...structuredClone(threeRegions), ...bad.edits },
}));
