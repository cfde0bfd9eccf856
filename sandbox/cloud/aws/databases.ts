/** RDS, DocumentDB and DynamoDB: what AWS computes and refuses. */
import type { Properties } from "../../provider/values.ts";
import { onDelete, type Rule, type ServiceTables } from "../catalogue.ts";
import { randomUuid } from "../randomness.ts";
import { clusterRules, coversTwoZones, instanceRules, tableRules } from "./databaseRules.ts";
import { dropUsers } from "./databaseUsers.ts";
import { deferred, leftForAReboot, leftForTheWindow, nothingWaits, pendingReboot, pendingValues } from "./pendingChanges.ts";
import { itemsGo } from "./tableItems.ts";

const instance = "aws:rds/instance:Instance";
const cluster = "aws:docdb/cluster:Cluster";
const table = "aws:dynamodb/table:Table";
const parameterGroup = "aws:rds/parameterGroup:ParameterGroup";
const clusterParameterGroup = "aws:docdb/clusterParameterGroup:ClusterParameterGroup";

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

const usersGo: Rule["enforce"] = ({ dbName }, { store, place }) => dropUsers(store, place.account, String(dbName));

export const databases: ServiceTables = {
  identities: {
    [instance]: {
      compute: (properties, { account, region }) => {
        const address = `${String(properties.identifier)}.c${String(properties.id).slice(3, 14)}.${region}.rds.amazonaws.com`;
        return { address, endpoint: `${address}:${Number(properties.port ?? 5432)}`, ...managedSecrets("db", properties, account, region) };
      },
    },
    [cluster]: {
      compute: (properties, { account, region }) => ({
        readerEndpoint: String(properties.endpoint).replace(".cluster-", ".cluster-ro-"),
        ...managedSecrets("cluster", properties, account, region),
      }),
    },
  },
  outcomes: {
    [instance]: leftForTheWindow(Object.keys(deferred), pendingValues),
    [parameterGroup]: leftForAReboot,
    [clusterParameterGroup]: leftForAReboot,
  },
  rules: {
    "aws:rds/subnetGroup:SubnetGroup": coversTwoZones("DBSubnetGroupDoesNotCoverEnoughAZs"),
    "aws:docdb/subnetGroup:SubnetGroup": coversTwoZones("DBSubnetGroupDoesNotCoverEnoughAZs"),
    [instance]: [...instanceRules, ...nothingWaits(pendingValues), ...onDelete(usersGo)],
    [parameterGroup]: nothingWaits(pendingReboot),
    [clusterParameterGroup]: nothingWaits(pendingReboot),
    [cluster]: clusterRules,
    [table]: [...tableRules, ...itemsGo],
  },
};
