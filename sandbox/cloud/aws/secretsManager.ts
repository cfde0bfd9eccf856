/** Secrets Manager: a deleted entry keeps its name until its recovery window has passed. */
import { CloudError, onCreate, onDelete, type Rule, type ServiceTables } from "../catalogue.ts";
import { randomLetters } from "../randomness.ts";

const secret = "aws:secretsmanager/secret:Secret";
const secretVersion = "aws:secretsmanager/secretVersion:SecretVersion";

/** Entries that are deleted and not yet gone; no resource of the engine has this type. */
export const scheduledForDeletion = "aws:secretsmanager/secret:ScheduledForDeletion";

const refuseTakenName: Rule["enforce"] = ({ name }, { store, place }) => {
  const taken = store.all(scheduledForDeletion).some(({ id, scope }) => id === name && scope === `${place.account}/${place.region}`);
  if (taken)
    throw new CloudError(
      "InvalidRequestException",
      `You can't create this secret because a secret with this name is already scheduled for deletion: ${name}`,
    );
};

const keepName: Rule["enforce"] = ({ name, recoveryWindowInDays }, { store, before }) => {
  if (recoveryWindowInDays === 0 || before === undefined) return;
  store.put({
    ...before,
    type: scheduledForDeletion,
    id: String(name),
    properties: { name: String(name), recoveryWindowInDays: recoveryWindowInDays ?? 30 },
  });
};

/** Values that were set by a call go with their entry (API reference, DeleteSecret). */
const dropValues: Rule["enforce"] = (_, { store, before }) => {
  for (const version of store.all(secretVersion)) if (version.properties.secretId === before?.id) store.delete(version);
};

export const secretsManager: ServiceTables = {
  identities: {
    [secret]: {
      // Six characters of AWS's own end the name.
      id: ({ name }, { account, region }) => `arn:aws:secretsmanager:${region}:${account}:secret:${name}-${randomLetters(6)}`,
    },
    [secretVersion]: {
      compute: ({ id }) => ({ versionId: String(id).split("|").at(-1) ?? "" }),
    },
  },
  invokes: {
    "aws:secretsmanager/getSecretVersions:getSecretVersions": ({ secretId, region: asked }, { store, place }) => {
      const region = typeof asked === "string" && asked !== "" ? asked : place.region;
      const scope = `${place.account}/${region}`;
      const found = store
        .all(secret)
        .find(({ id, scope: there, properties }) => there === scope && [id, properties.name].includes(secretId ?? ""));
      if (found === undefined) throw new CloudError("ResourceNotFoundException", "Secrets Manager can't find the specified secret.");
      const versions = store
        .all(secretVersion)
        .flatMap(({ properties }) =>
          properties.secretId === found.id ? [{ versionId: String(properties.versionId), versionStages: ["AWSCURRENT"] }] : [],
        );
      return { id: found.id, arn: found.id, name: String(found.properties.name), secretId: String(secretId), region, versions };
    },
  },
  rules: {
    [secret]: [...onCreate(refuseTakenName), ...onDelete(keepName, dropValues)],
  },
};
