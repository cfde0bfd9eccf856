/** EFS: identities, references, and what AWS refuses. */
import { CloudError, type ServiceTables } from "../catalogue.ts";

const fileSystem = "aws:efs/fileSystem:FileSystem";
const mountTarget = "aws:efs/mountTarget:MountTarget";
const accessPoint = "aws:efs/accessPoint:AccessPoint";
const subnet = "aws:ec2/subnet:Subnet";

const arn = (resource: string) => `arn:aws:elasticfilesystem:{region}:{account}:${resource}`;

export const efs: ServiceTables = {
  identities: {
    [fileSystem]: {
      id: "fs-{hex17}",
      outputs: {
        arn: arn("file-system/{id}"),
        creationToken: "terraform-{digits20}",
        dnsName: "{id}.efs.{region}.amazonaws.com",
        ownerId: "{account}",
        numberOfMountTargets: 0,
        sizeInBytes: [{ value: 6144, valueInIa: 0, valueInStandard: 6144 }],
        protection: { replicationOverwrite: "ENABLED" },
      },
      autoName: "",
    },
    [mountTarget]: {
      id: "fsmt-{hex17}",
      outputs: {
        ownerId: "{account}",
        networkInterfaceId: "eni-{hex17}",
        fileSystemArn: arn("file-system/{fileSystemId}"),
        dnsName: "{fileSystemId}.efs.{region}.amazonaws.com",
        ipAddress: "10.0.0.10",
      },
      compute: ({ subnetId, dnsName }, _, store) => {
        const zone = String(store.all(subnet).find(({ id }) => id === subnetId)?.properties.availabilityZone ?? "");
        return { availabilityZoneName: zone, availabilityZoneId: "", mountTargetDnsName: `${zone}.${String(dnsName)}` };
      },
    },
    [accessPoint]: {
      id: "fsap-{hex17}",
      outputs: { arn: arn("access-point/{id}"), ownerId: "{account}", fileSystemArn: arn("file-system/{fileSystemId}") },
    },
    "aws:efs/fileSystemPolicy:FileSystemPolicy": { id: "{fileSystemId}" },
    "aws:efs/backupPolicy:BackupPolicy": { id: "{fileSystemId}" },
  },
  references: {
    [fileSystem]: [{ from: "kmsKeyId", to: "aws:kms/key:Key", by: "arn", loose: true }],
    [mountTarget]: [
      { from: "fileSystemId", to: fileSystem },
      { from: "subnetId", to: subnet },
      { from: "securityGroups[]", to: "aws:ec2/securityGroup:SecurityGroup" },
    ],
    [accessPoint]: [{ from: "fileSystemId", to: fileSystem, loose: true }],
    "aws:efs/fileSystemPolicy:FileSystemPolicy": [{ from: "fileSystemId", to: fileSystem, loose: true }],
    "aws:efs/backupPolicy:BackupPolicy": [{ from: "fileSystemId", to: fileSystem, loose: true }],
  },
  refusals: {
    [fileSystem]: {
      absent: "FileSystemNotFound: File system '{value}' does not exist.",
      inUse: "FileSystemInUse: File system '{id}' has mount targets created in it: {holder}",
    },
  },
  rules: {
    [mountTarget]: [
      {
        on: "create",
        enforce: ({ fileSystemId, subnetId }, { store }) => {
          const zoneOf = (id: unknown) => store.all(subnet).find((candidate) => candidate.id === id)?.properties.availabilityZone;
          const twin = store
            .all(mountTarget)
            .find(({ properties }) => properties.fileSystemId === fileSystemId && zoneOf(properties.subnetId) === zoneOf(subnetId));
          if (twin !== undefined) throw new CloudError("MountTargetConflict", "mount target already exists in this AZ");
        },
      },
    ],
  },
};
