/** SQS: identities, references, and what AWS refuses. */
import { CloudError, type Rule, type ServiceTables } from "../catalogue.ts";
import { arn } from "./arns.ts";

const queue = "aws:sqs/queue:Queue";
const queuePolicy = "aws:sqs/queuePolicy:QueuePolicy";
const redriveAllowPolicy = "aws:sqs/redriveAllowPolicy:RedriveAllowPolicy";

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
      id: "https://sqs.{region}.amazonaws.com/{account}/{name}",
      outputs: {
        arn: arn("sqs", "{name}"),
        url: "{id}",
        policy: "",
        redrivePolicy: "",
        redriveAllowPolicy: "",
        kmsDataKeyReusePeriodSeconds: 300,
        deduplicationScope: "",
        fifoThroughputLimit: "",
      },
      compute: ({ sqsManagedSseEnabled, kmsMasterKeyId }) => ({
        sqsManagedSseEnabled: sqsManagedSseEnabled ?? (kmsMasterKeyId === undefined || kmsMasterKeyId === null),
      }),
      nameLimit: 80,
    },
    [queuePolicy]: { id: "{queueUrl}" },
    [redriveAllowPolicy]: { id: "{queueUrl}" },
  },
  references: {
    [queue]: [{ from: "kmsMasterKeyId", to: "aws:kms/key:Key", by: "arn", loose: true }],
    [queuePolicy]: [{ from: "queueUrl", to: queue, loose: true }],
    [redriveAllowPolicy]: [{ from: "queueUrl", to: queue, loose: true }],
  },
  refusals: { [queue]: { absent: "AWS.SimpleQueueService.NonExistentQueue: The specified queue does not exist: {value}" } },
  uniques: {
    [queue]: [{ by: ["name"], refusal: "QueueNameExists: A queue already exists with the same name: {name}" }],
  },
  rules: { [queue]: [{ on: "create", enforce: refuseBadName }] },
};
