/** What whoever uses a database needs of it: one type for every engine. */
import type { Output } from "@pulumi/pulumi";

/** A database that is reached over the network with a user name and a password. */
export interface NetworkDatabase {
  readonly kind: "network";
  /** Name of the database within the server. */
  readonly databaseName: string;
  /** Host that takes reads and writes; stays the same over a failover. */
  readonly host: Output<string>;
  /** Host that takes reads only; the same as `host` where there is no replica. */
  readonly readHost: Output<string>;
  readonly port: number;
  /** Subnets that it stands in: where a restored one has to stand, too. */
  readonly subnetGroupName: Output<string>;
  /** Security group in front of it; it lets in whoever a rule names. */
  readonly securityGroupId: Output<string>;
  /** Limited user of the applications. The master user is for people and never given to a service. */
  readonly username: string;
  /** Secret `{"username", "password"}` of the limited user. */
  readonly secretArn: Output<string>;
  /** Secret of the master user. */
  readonly masterSecretArn: Output<string>;
  /** Key of the data and of the secrets. */
  readonly keyArn: Output<string>;
  /** What IAM authentication names as resource, for the limited user. @default no IAM authentication */
  readonly iamUserArn?: Output<string>;
  /** For backup plans. */
  readonly arn: Output<string>;
  /** Physical name, the dimension of the engine's metrics. */
  readonly identifier: Output<string>;
  /** Physical names of the replicas, by their names in the config. */
  readonly replicaIdentifiers: Readonly<Record<string, Output<string>>>;
  /** Log group that has statements slower than the database's limit. */
  readonly slowLogGroup: Output<string>;
}

/** A table that is reached through the AWS API with the caller's own role. */
export interface TableDatabase {
  readonly kind: "table";
  readonly tableName: Output<string>;
  readonly keyArn: Output<string>;
  readonly arn: Output<string>;
}

export type DatabaseAccess = NetworkDatabase | TableDatabase;
