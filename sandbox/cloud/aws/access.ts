/** Identity providers, and the limits of policies. */
import { CloudError, onBoth, onDelete, type Rule, type ServiceTables } from "../catalogue.ts";

const policy = "aws:iam/policy:Policy";
const provider = "aws:iam/openIdConnectProvider:OpenIdConnectProvider";

const refuseLongPolicy: Rule["enforce"] = ({ policy: text }) => {
  if (String(text).replaceAll(/\s/g, "").length > 6144) throw new CloudError("LimitExceeded", "Cannot exceed quota for PolicySize: 6144");
};

/** AWS's own policies exist without being made, so attachments are not required to point at a live one. */
const keepsUsedPolicy: Rule["enforce"] = ({ arn }, { store }) => {
  const attached = store.all("aws:iam/rolePolicyAttachment:RolePolicyAttachment").some(({ properties }) => properties.policyArn === arn);
  const boundary = store.all("aws:iam/role:Role").find(({ properties }) => properties.permissionsBoundary === arn);
  if (attached || boundary !== undefined)
    throw new CloudError("DeleteConflict", "Cannot delete a policy attached to entities or used as a permissions boundary.");
};

export const access: ServiceTables = {
  identities: {
    [provider]: {
      id: ({ url }, { account }) => `arn:aws:iam::${account}:oidc-provider/${String(url).replace(/^https:\/\//, "")}`,
    },
  },
  rules: {
    [policy]: [...onBoth(refuseLongPolicy), ...onDelete(keepsUsedPolicy)],
  },
};
