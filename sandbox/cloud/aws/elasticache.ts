/** ElastiCache: what AWS computes and refuses. */
import { listOf } from "../../provider/values.ts";
import { CloudError, onBoth, type ServiceTables } from "../catalogue.ts";
import { zonesOf } from "./databaseRules.ts";
import { deferredNodes, leftForTheWindow, nothingWaits, pendingNodes } from "./pendingChanges.ts";

const replicationGroup = "aws:elasticache/replicationGroup:ReplicationGroup";
const subnetGroup = "aws:elasticache/subnetGroup:SubnetGroup";
const user = "aws:elasticache/user:User";
const userGroup = "aws:elasticache/userGroup:UserGroup";

export const elasticache: ServiceTables = {
  identities: {
    [replicationGroup]: {
      compute: ({ replicationGroupId, primaryEndpointAddress, numCacheClusters }) => ({
        readerEndpointAddress: String(primaryEndpointAddress).replace("master.", "replica."),
        memberClusters: Array.from({ length: Number(numCacheClusters ?? 1) }, (_, index) => `${replicationGroupId}-00${index + 1}`),
      }),
    },
  },
  outcomes: { [replicationGroup]: leftForTheWindow(Object.keys(deferredNodes), pendingNodes) },
  rules: {
    [replicationGroup]: [
      ...nothingWaits(pendingNodes),
      ...onBoth((object, { store }) => {
        const nodes = Number(object.numCacheClusters ?? 1);
        if (object.automaticFailoverEnabled === true && nodes < 2)
          throw new CloudError(
            "InvalidParameterCombination",
            "Automatic failover needs at least 1 replica: NumCacheClusters must be 2 or more.",
          );
        if (object.multiAzEnabled === true && object.automaticFailoverEnabled !== true)
          throw new CloudError("InvalidParameterCombination", "Must enable automatic failover when multi-az is enabled.");
        if (listOf(object.userGroupIds).map(String).length > 0 && object.transitEncryptionEnabled !== true)
          throw new CloudError(
            "InvalidParameterCombination",
            "User group based access control requires encryption-in-transit to be enabled.",
          );
        const group = store.all(subnetGroup).find(({ id }) => id === object.subnetGroupName);
        if (object.multiAzEnabled === true && group !== undefined && zonesOf(group.properties.subnetIds, store).size < 2)
          throw new CloudError("InvalidParameterValue", "Multi-AZ needs a cache subnet group with subnets in two Availability Zones.");
      }),
    ],
    [user]: onBoth(({ noPasswordRequired, passwords, passwordsWo, authenticationMode }) => {
      const given = [...listOf(passwords).map(String), ...listOf(passwordsWo).map(String)];
      if (noPasswordRequired !== true && given.length === 0 && (authenticationMode === undefined || authenticationMode === null))
        throw new CloudError(
          "InvalidParameterValue",
          "No password was provided. If you want to create/update the user without password, please use the NoPasswordRequired flag.",
        );
      if (
        listOf(passwords)
          .map(String)
          .some((password) => password.length < 16 || password.length > 128)
      )
        throw new CloudError("InvalidParameterValue", "Passwords length must be between 16-128 characters.");
    }),
    [userGroup]: onBoth(({ engine, userIds }, { store }) => {
      const names = store
        .all(user)
        .flatMap(({ id, properties }) => (listOf(userIds).map(String).includes(id) ? [String(properties.userName)] : []));
      if (engine === "redis" && !names.includes("default"))
        throw new CloudError("DefaultUserRequired", "A user with the user name 'default' must be in the user group.");
    }),
  },
};
