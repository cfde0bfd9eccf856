/** Secrets Manager: whether an entry has a value, and setting one. Values are kept as digests. */
import type { SecretsManager } from "@aws-sdk/client-secrets-manager";
import { scheduledForDeletion } from "../cloud/aws/secretsManager.ts";
import { CloudError } from "../cloud/catalogue.ts";
import { timeIn } from "../cloud/clock.ts";
import { type LiveObject, seal } from "../cloud/liveStore.ts";
import { randomUuid } from "../cloud/randomness.ts";
import { type Asked, dateOf, here, type OperationsOf } from "./operation.ts";

const secretType = "aws:secretsmanager/secret:Secret";
const versionType = "aws:secretsmanager/secretVersion:SecretVersion";

export const secrets = {
  DescribeSecret: ({ SecretId = "" }, asked) => {
    const leaving = leavingSecret(SecretId, asked);
    if (leaving !== undefined) return { Name: leaving.id, DeletedDate: timeIn(asked.store) };
    const { id, properties } = liveSecret(SecretId, asked);
    const versions = versionsOf(id, asked);
    const [newest] = versions.map((version) => dateOf(version.properties.changed)).filter((date) => date !== undefined);
    return {
      ...{ ARN: id, Name: String(properties.name) },
      ...(newest === undefined ? {} : { LastChangedDate: newest }),
      ...(versions.length === 0
        ? {}
        : { VersionIdsToStages: Object.fromEntries(versions.map((version) => [String(version.properties.versionId), ["AWSCURRENT"]])) }),
    };
  },

  ListSecretVersionIds: ({ SecretId = "" }, asked) => {
    const { id, properties } = liveSecret(SecretId, asked);
    const Versions = versionsOf(id, asked).map(({ properties: { versionId, changed } }) => {
      const date = dateOf(changed);
      return { VersionId: String(versionId), VersionStages: ["AWSCURRENT"], ...(date === undefined ? {} : { CreatedDate: date }) };
    });
    return { ARN: id, Name: String(properties.name), Versions };
  },

  PutSecretValue: ({ SecretId = "", SecretString = "" }, asked) => {
    if (leavingSecret(SecretId, asked) !== undefined)
      throw new CloudError("InvalidRequestException", "You can't perform this operation on the secret because it was marked for deletion.");
    const { id, scope, properties } = liveSecret(SecretId, asked);
    const versionId = randomUuid();
    asked.store.put({
      ...{ type: versionType, id, scope, createdFor: "PutSecretValue", sealed: [["secretString"]] },
      properties: {
        secretId: id,
        secretString: seal(SecretString),
        versionId,
        versionStages: ["AWSCURRENT"],
        changed: timeIn(asked.store).toISOString(),
      },
    });
    return { ARN: id, Name: String(properties.name), VersionId: versionId, VersionStages: ["AWSCURRENT"] };
  },
} satisfies OperationsOf<SecretsManager>;

/** By name or by ARN. */
function liveSecret(secretId: string, asked: Asked): LiveObject {
  const found = here(secretType, asked).find(({ id, properties }) => [id, properties.name].includes(secretId));
  if (found === undefined) throw new CloudError("ResourceNotFoundException", "Secrets Manager can't find the specified secret.");
  return found;
}

function leavingSecret(secretId: string, asked: Asked): LiveObject | undefined {
  return here(scheduledForDeletion, asked).find(({ id }) => id === secretId);
}

/** The current version is that of the last call, or the one that a stack made. */
function versionsOf(secretId: string, asked: Asked): LiveObject[] {
  return here(versionType, asked).filter(({ properties }) => properties.secretId === secretId);
}
