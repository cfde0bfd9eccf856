/** SQS: what AWS computes and refuses. */
import { CloudError, onCreate, type Rule, type ServiceTables } from "../catalogue.ts";

const queue = "aws:sqs/queue:Queue";

const refuseBadName: Rule["enforce"] = ({ name, fifoQueue }) => {
  const text = String(name);
  if (!/^[\w-]{1,80}(?:\.fifo)?$/.test(text) || text.length > 80)
    throw new CloudError("InvalidParameterValue", "Can only include alphanumeric characters, hyphens, or underscores. 1 to 80 in length");
  if ((fifoQueue === true) !== text.endsWith(".fifo"))
    throw new CloudError("InvalidParameterValue", "The name of a FIFO queue can only end with the .fifo suffix, and only its name");
};

export const sqs: ServiceTables = {
  identities: {
    [queue]: {
      compute: ({ sqsManagedSseEnabled, kmsMasterKeyId }) => ({
        sqsManagedSseEnabled: sqsManagedSseEnabled ?? (kmsMasterKeyId === undefined || kmsMasterKeyId === null),
      }),
    },
  },
  rules: { [queue]: onCreate(refuseBadName) },
};
