/** RDS, DocumentDB and DynamoDB: identities, references and what AWS says of them. */
import type { Properties } from "../../provider/values.ts";
import type { ServiceTables } from "../catalogue.ts";
import { randomUuid } from "../randomness.ts";
import { clusterRules, coversTwoZones, instanceRules, tableRules } from "./databaseRules.ts";

const instance = "aws:rds/instance:Instance";
const cluster = "aws:docdb/cluster:Cluster";
const clusterInstance = "aws:docdb/clusterInstance:ClusterInstance";
const table = "aws:dynamodb/table:Table";
const subnet = "aws:ec2/subnet:Subnet";
const securityGroup = "aws:ec2/securityGroup:SecurityGroup";
const key = "aws:kms/key:Key";

const arn = (service: string, resource: string) => `arn:aws:${service}:{region}:{account}:${resource}`;

/** Secret that the service makes for a master password that it manages. */
const managedSecrets = (kind: string, properties: Properties, account: string, region: string): Properties => {
  if (properties.manageMasterUserPassword !== true) return { masterUserSecrets: [] };
  const id = randomUuid();
  return {
    masterUserSecrets: [
      {
        secretArn: `arn:aws:secretsmanager:${region}:${account}:secret:rds!${kind}-${id}-${id.slice(0, 6)}`,
        secretStatus: "active",
        kmsKeyId: properties.masterUserSecretKmsKeyId ?? `arn:aws:kms:${region}:${account}:alias/aws/secretsmanager`,
      },
    ],
  };
};

export const databases: ServiceTables = {
  identities: {
    [instance]: {
      // The provider's id is the resource id that AWS gives, not the name.
      id: "db-{hex26}",
      outputs: {
        resourceId: "{id}",
        arn: arn("rds", "db:{identifier}"),
        status: "available",
        hostedZoneId: "Z2R2ITUGPM61AM",
        engineVersionActual: "{engineVersion}",
        replicas: [],
        listenerEndpoints: [],
      },
      autoName: "identifier",
      nameLimit: 63,
      lowerCase: true,
      compute: (properties, { account, region }) => {
        const address = `${String(properties.identifier)}.c${String(properties.id).slice(3, 14)}.${region}.rds.amazonaws.com`;
        return { address, endpoint: `${address}:${Number(properties.port ?? 5432)}`, ...managedSecrets("db", properties, account, region) };
      },
    },
    "aws:rds/subnetGroup:SubnetGroup": {
      id: "{name}",
      outputs: { arn: arn("rds", "subgrp:{name}"), supportedNetworkTypes: ["IPV4"], vpcId: "" },
      lowerCase: true,
    },
    "aws:rds/parameterGroup:ParameterGroup": { id: "{name}", outputs: { arn: arn("rds", "pg:{name}") }, lowerCase: true },
    [cluster]: {
      id: "{clusterIdentifier}",
      outputs: {
        arn: arn("rds", "cluster:{clusterIdentifier}"),
        clusterResourceId: "cluster-{hex26}",
        hostedZoneId: "ZNKXH85TT8WVW",
        endpoint: "{clusterIdentifier}.cluster-{hex12}.{region}.docdb.amazonaws.com",
        clusterMembers: [],
      },
      autoName: "clusterIdentifier",
      nameLimit: 63,
      lowerCase: true,
      compute: (properties, { account, region }) => ({
        readerEndpoint: String(properties.endpoint).replace(".cluster-", ".cluster-ro-"),
        ...managedSecrets("cluster", properties, account, region),
      }),
    },
    [clusterInstance]: {
      id: "{identifier}",
      outputs: { arn: arn("rds", "db:{identifier}"), dbiResourceId: "db-{hex26}", storageEncrypted: true, port: 27_017, writer: true },
      autoName: "identifier",
      nameLimit: 63,
      lowerCase: true,
    },
    "aws:docdb/subnetGroup:SubnetGroup": {
      id: "{name}",
      outputs: { arn: arn("rds", "subgrp:{name}"), supportedNetworkTypes: ["IPV4"], vpcId: "" },
      lowerCase: true,
    },
    "aws:docdb/clusterParameterGroup:ClusterParameterGroup": {
      id: "{name}",
      outputs: { arn: arn("rds", "cluster-pg:{name}") },
      lowerCase: true,
    },
    [table]: { id: "{name}", outputs: { arn: arn("dynamodb", "table/{name}"), streamArn: "", streamLabel: "" } },
  },
  references: {
    "aws:rds/subnetGroup:SubnetGroup": [{ from: "subnetIds[]", to: subnet }],
    "aws:docdb/subnetGroup:SubnetGroup": [{ from: "subnetIds[]", to: subnet }],
    [instance]: [
      { from: "dbSubnetGroupName", to: "aws:rds/subnetGroup:SubnetGroup" },
      { from: "parameterGroupName", to: "aws:rds/parameterGroup:ParameterGroup" },
      { from: "vpcSecurityGroupIds[]", to: securityGroup },
      { from: "kmsKeyId", to: key, by: "arn", loose: true },
    ],
    [cluster]: [
      { from: "dbSubnetGroupName", to: "aws:docdb/subnetGroup:SubnetGroup" },
      { from: "dbClusterParameterGroupName", to: "aws:docdb/clusterParameterGroup:ClusterParameterGroup" },
      { from: "vpcSecurityGroupIds[]", to: securityGroup },
      { from: "kmsKeyId", to: key, by: "arn", loose: true },
    ],
    [clusterInstance]: [{ from: "clusterIdentifier", to: cluster }],
    [table]: [{ from: "serverSideEncryption.kmsKeyArn", to: key, by: "arn", loose: true }],
  },
  refusals: {
    "aws:rds/subnetGroup:SubnetGroup": {
      absent: "DBSubnetGroupNotFoundFault: DB subnet group '{value}' does not exist.",
      inUse:
        "InvalidDBSubnetGroupStateFault: Cannot delete the subnet group '{id}' because at least one database instance: {holder} is still using it.",
    },
    "aws:docdb/subnetGroup:SubnetGroup": {
      absent: "DBSubnetGroupNotFoundFault: DB subnet group '{value}' does not exist.",
      inUse:
        "InvalidDBSubnetGroupStateFault: Cannot delete the subnet group '{id}' because at least one database cluster: {holder} is still using it.",
    },
    "aws:rds/parameterGroup:ParameterGroup": {
      absent: "DBParameterGroupNotFound: DBParameterGroup not found: {value}",
      inUse:
        "InvalidDBParameterGroupState: One or more database instances are still members of this parameter group {id}, so the group cannot be deleted",
    },
    "aws:docdb/clusterParameterGroup:ClusterParameterGroup": {
      absent: "DBClusterParameterGroupNotFound: DBClusterParameterGroup not found: {value}",
      inUse:
        "InvalidDBParameterGroupState: One or more database clusters are still members of this parameter group {id}, so the group cannot be deleted",
    },
    [cluster]: {
      absent: "DBClusterNotFoundFault: DBCluster {value} not found.",
      inUse: "InvalidDBClusterStateFault: Cluster cannot be deleted, it still contains DB instances in non-deleting state ({holder}).",
    },
  },
  uniques: {
    [instance]: [{ by: ["identifier"], refusal: "DBInstanceAlreadyExists: DB instance already exists: {identifier}" }],
    "aws:rds/subnetGroup:SubnetGroup": [
      { by: ["name"], refusal: "DBSubnetGroupAlreadyExists: The DB subnet group '{name}' already exists." },
    ],
    "aws:rds/parameterGroup:ParameterGroup": [
      { by: ["name"], refusal: "DBParameterGroupAlreadyExists: Parameter group {name} already exists" },
    ],
    "aws:docdb/clusterParameterGroup:ClusterParameterGroup": [
      { by: ["name"], refusal: "DBParameterGroupAlreadyExists: Parameter group {name} already exists" },
    ],
    [table]: [{ by: ["name"], refusal: "ResourceInUseException: Table already exists: {name}" }],
  },
  rules: {
    "aws:rds/subnetGroup:SubnetGroup": coversTwoZones("DBSubnetGroupDoesNotCoverEnoughAZs"),
    "aws:docdb/subnetGroup:SubnetGroup": coversTwoZones("DBSubnetGroupDoesNotCoverEnoughAZs"),
    [instance]: instanceRules,
    [cluster]: clusterRules,
    [table]: tableRules,
  },
};
