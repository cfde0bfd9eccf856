/** ECR's replication of images: one configuration for a whole registry. */
import { CloudError, onBoth, type ServiceTables } from "../catalogue.ts";
import { valuesAt } from "../references.ts";

const configuration = "aws:ecr/replicationConfiguration:ReplicationConfiguration";

export const replication: ServiceTables = {
  rules: {
    [configuration]: onBoth((wanted, { place }) => {
      const regions = valuesAt(wanted, "replicationConfiguration.rules[].destinations[].region");
      if (regions.includes(String(wanted.region ?? place.region)))
        throw new CloudError("InvalidParameterException", "Replication destination cannot be the same region as the source");
    }),
  },
};
