/** ElastiCache: identities, references, and what AWS refuses. */
import { listOf } from "../../provider/values.ts";
import { CloudError, onBoth, type ServiceTables } from "../catalogue.ts";
import { zonesOf } from "./databaseRules.ts";

const replicationGroup = "aws:elasticache/replicationGroup:ReplicationGroup";
const subnetGroup = "aws:elasticache/subnetGroup:SubnetGroup";
const parameterGroup = "aws:elasticache/parameterGroup:ParameterGroup";
const user = "aws:elasticache/user:User";
const userGroup = "aws:elasticache/userGroup:UserGroup";

const arn = (resource: string) => `arn:aws:elasticache:{region}:{account}:${resource}`;

export const elasticache: ServiceTables = {
  identities: {
    [replicationGroup]: {
      id: "{replicationGroupId}",
      outputs: {
        arn: arn("replicationgroup:{replicationGroupId}"),
        primaryEndpointAddress: "master.{replicationGroupId}.{hex6}.use1.cache.amazonaws.com",
        engineVersionActual: "{engineVersion}",
        clusterEnabled: false,
        configurationEndpointAddress: "",
      },
      autoName: "replicationGroupId",
      nameLimit: 40,
      lowerCase: true,
      compute: ({ replicationGroupId, primaryEndpointAddress, numCacheClusters }) => ({
        readerEndpointAddress: String(primaryEndpointAddress).replace("master.", "replica."),
        memberClusters: Array.from({ length: Number(numCacheClusters ?? 1) }, (_, index) => `${replicationGroupId}-00${index + 1}`),
      }),
    },
    [subnetGroup]: { id: "{name}", outputs: { arn: arn("subnetgroup:{name}"), vpcId: "" }, lowerCase: true },
    [parameterGroup]: { id: "{name}", outputs: { arn: arn("parametergroup:{name}") }, lowerCase: true },
    [user]: { id: "{userId}", outputs: { arn: arn("user:{userId}") }, autoName: "" },
    [userGroup]: { id: "{userGroupId}", outputs: { arn: arn("usergroup:{userGroupId}") }, autoName: "" },
  },
  references: {
    [subnetGroup]: [{ from: "subnetIds[]", to: "aws:ec2/subnet:Subnet" }],
    [userGroup]: [{ from: "userIds[]", to: user, loose: true }],
    [replicationGroup]: [
      { from: "subnetGroupName", to: subnetGroup },
      { from: "parameterGroupName", to: parameterGroup },
      { from: "securityGroupIds[]", to: "aws:ec2/securityGroup:SecurityGroup" },
      { from: "userGroupIds[]", to: userGroup },
      { from: "kmsKeyId", to: "aws:kms/key:Key", by: "arn", loose: true },
      { from: "logDeliveryConfigurations[].destination", to: "aws:cloudwatch/logGroup:LogGroup", by: "name", loose: true },
    ],
  },
  refusals: {
    [subnetGroup]: {
      absent: "CacheSubnetGroupNotFoundFault: CacheSubnetGroup {value} not found.",
      inUse: "CacheSubnetGroupInUse: Cache subnet group {id} is currently in use by a cache cluster ({holder}).",
    },
    [parameterGroup]: {
      absent: "CacheParameterGroupNotFound: CacheParameterGroup {value} not found.",
      inUse: "InvalidCacheParameterGroupState: One or more cache clusters are still members of this parameter group ({holder}).",
    },
    [user]: { absent: "UserNotFound: User {value} not found." },
    [userGroup]: {
      absent: "UserGroupNotFound: User group {value} not found.",
      inUse: "InvalidUserGroupState: User group {id} is in use by {holder}.",
    },
  },
  uniques: {
    [replicationGroup]: [
      {
        by: ["replicationGroupId"],
        refusal: "ReplicationGroupAlreadyExists: Replication group with id {replicationGroupId} already exists",
      },
    ],
    [subnetGroup]: [{ by: ["name"], refusal: "CacheSubnetGroupAlreadyExists: Cache subnet group {name} already exists." }],
    [parameterGroup]: [{ by: ["name"], refusal: "CacheParameterGroupAlreadyExists: Cache parameter group {name} already exists" }],
    [user]: [{ by: ["userId"], refusal: "UserAlreadyExists: User {userId} already exists." }],
    [userGroup]: [{ by: ["userGroupId"], refusal: "UserGroupAlreadyExists: User Group {userGroupId} already exists." }],
  },
  rules: {
    [replicationGroup]: onBoth((object, { store }) => {
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
