/** Files shared by the tasks of a service, on EFS. */
import { SecurityGroup } from "@pulumi/aws/ec2/securityGroup.js";
import { AccessPoint } from "@pulumi/aws/efs/accessPoint.js";
import { BackupPolicy } from "@pulumi/aws/efs/backupPolicy.js";
import { FileSystem as EfsFileSystem, type FileSystemArgs as EfsFileSystemArgs } from "@pulumi/aws/efs/fileSystem.js";
import { FileSystemPolicy } from "@pulumi/aws/efs/fileSystemPolicy.js";
import { MountTarget } from "@pulumi/aws/efs/mountTarget.js";
import { all, type ComponentResourceOptions, type Input, jsonStringify, type Output } from "@pulumi/pulumi";
import { Component, type Regional, type Transformable } from "../component.ts";
import { accepted, type Given } from "../contract/accepted.ts";
import { outside } from "../contract/argumentProblem.ts";
import { fileSystem, mountedZones } from "./contract.ts";

/** Arguments of `FileSystem`: those of its contract, and these. A change of user or group replaces the access point, not the files. */
export interface FileSystemArgs extends Given<typeof fileSystem>, Regional, Transformable<{ fileSystem: EfsFileSystemArgs }> {
  readonly vpcId: Input<string>;
  /** Isolated subnets by zone; tasks mount the file system in their own zone. */
  readonly subnetIds: Readonly<Record<string, Input<string>>>;
  /** Key that encrypts it. A change replaces it. */
  readonly keyArn: Input<string>;
  /** Refuse to delete it. @default false */
  readonly protect?: boolean;
}

/** What whoever mounts a file system needs of it. */
export interface FileSystemAccess {
  /** Known only when every zone can mount it. */
  readonly fileSystemId: Output<string>;
  readonly accessPointId: Output<string>;
  readonly accessPointArn: Output<string>;
  readonly securityGroupId: Output<string>;
  readonly port: number;
  readonly arn: Output<string>;
}

const port = 2049;

/**
 * A file system over all zones: encrypted, mounted over TLS through one access point only, backed up daily. It grows by
 * itself and is paid by what it holds and what is read.
 *
 * @throws InputPropertiesError naming every argument that cannot be used
 */
export class FileSystem extends Component {
  /** The real resources. */
  readonly nodes: { readonly fileSystem: EfsFileSystem; readonly accessPoint: AccessPoint };
  readonly access: FileSystemAccess;

  constructor(name: string, args: FileSystemArgs, opts?: ComponentResourceOptions) {
    const zones = outside("subnetIds", Object.keys(args.subnetIds).length, mountedZones);
    const { uid, gid, infrequentDays, dailyBackup } = accepted(name, fileSystem, args, zones);
    super("slipway:storage:FileSystem", name, args, opts);
    const files = this.child(
      EfsFileSystem,
      name,
      {
        encrypted: true,
        kmsKeyId: args.keyArn,
        performanceMode: "generalPurpose",
        throughputMode: "elastic",
        lifecyclePolicies: [
          { transitionToIa: `AFTER_${infrequentDays}_DAY${infrequentDays === 1 ? "" : "S"}` },
          { transitionToPrimaryStorageClass: "AFTER_1_ACCESS" },
        ],
      },
      { transform: args.transform?.fileSystem, protect: args.protect },
    );
    const group = this.child(SecurityGroup, name, { vpcId: args.vpcId, description: `${name}: in from named services only` });
    const targets = Object.keys(args.subnetIds)
      .sort()
      .flatMap((zone) => {
        const subnetId = args.subnetIds[zone];
        return subnetId === undefined
          ? []
          : [this.child(MountTarget, `${name}-${zone}`, { fileSystemId: files.id, subnetId, securityGroups: [group.id] })];
      });
    const point = this.child(AccessPoint, name, {
      fileSystemId: files.id,
      posixUser: { uid, gid },
      rootDirectory: { path: "/data", creationInfo: { ownerUid: uid, ownerGid: gid, permissions: "0750" } },
    });
    const policy = this.child(FileSystemPolicy, name, { fileSystemId: files.id, policy: mountPolicy(files.arn, point.arn) });
    const backup = dailyBackup ? "ENABLED" : "DISABLED";
    this.child(BackupPolicy, name, { fileSystemId: files.id, backupPolicy: { status: backup } });
    const mountable = all([policy.fileSystemId, ...targets.map(({ fileSystemId }) => fileSystemId)]).apply(([id = ""]) => id);
    this.nodes = { fileSystem: files, accessPoint: point };
    this.access = {
      fileSystemId: mountable,
      accessPointId: point.id,
      accessPointArn: point.arn,
      securityGroupId: group.id,
      port,
      arn: files.arn,
    };
    this.registerOutputs({ fileSystemId: this.access.fileSystemId });
  }
}

/** With a policy in place nobody gets in who has no role of their own that allows it; these deny even such a role. */
function mountPolicy(fileSystemArn: Output<string>, accessPointArn: Output<string>): Output<string> {
  const everybody = { Effect: "Deny", Principal: { AWS: "*" }, Resource: fileSystemArn };
  return jsonStringify({
    Version: "2012-10-17",
    Statement: [
      { Sid: "TlsOnly", ...everybody, Action: "*", Condition: { Bool: { "aws:SecureTransport": "false" } } },
      {
        Sid: "ThroughTheAccessPointOnly",
        ...everybody,
        Action: ["elasticfilesystem:ClientMount", "elasticfilesystem:ClientWrite"],
        Condition: { StringNotEquals: { "elasticfilesystem:AccessPointArn": accessPointArn } },
      },
    ],
  });
}
