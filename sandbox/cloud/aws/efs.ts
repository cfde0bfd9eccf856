/** EFS: what AWS computes and refuses. */
import { CloudError, onCreate, type ServiceTables } from "../catalogue.ts";

const mountTarget = "aws:efs/mountTarget:MountTarget";
const subnet = "aws:ec2/subnet:Subnet";

export const efs: ServiceTables = {
  identities: {
    [mountTarget]: {
      compute: ({ subnetId, dnsName }, _, store) => {
        const zone = String(store.all(subnet).find(({ id }) => id === subnetId)?.properties.availabilityZone ?? "");
        return { availabilityZoneName: zone, availabilityZoneId: "", mountTargetDnsName: `${zone}.${String(dnsName)}` };
      },
    },
  },
  rules: {
    [mountTarget]: onCreate(({ fileSystemId, subnetId }, { store }) => {
      const zoneOf = (id: unknown) => store.all(subnet).find((candidate) => candidate.id === id)?.properties.availabilityZone;
      const twin = store
        .all(mountTarget)
        .find(({ properties }) => properties.fileSystemId === fileSystemId && zoneOf(properties.subnetId) === zoneOf(subnetId));
      if (twin !== undefined) throw new CloudError("MountTargetConflict", "mount target already exists in this AZ");
    }),
  },
};
