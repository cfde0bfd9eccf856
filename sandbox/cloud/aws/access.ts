/** Identity providers, the limits of policies, and budgets. */
import { CloudError, type Rule, type ServiceTables } from "../catalogue.ts";

const policy = "aws:iam/policy:Policy";
const provider = "aws:iam/openIdConnectProvider:OpenIdConnectProvider";
const budget = "aws:budgets/budget:Budget";

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
      outputs: { arn: "{id}", thumbprintLists: ["{hex40}"] },
    },
    [budget]: {
      id: "{account}:{name}",
      outputs: { arn: "arn:aws:budgets::{account}:budget/{name}", timePeriodStart: "2026-01-01_00:00" },
      nameLimit: 100,
    },
  },
  uniques: {
    [provider]: [{ by: ["url"], refusal: "EntityAlreadyExists: Provider with url {url} already exists." }],
    [budget]: [{ by: ["name"], refusal: "DuplicateRecordException: Error creating budget: {name} - the budget already exists." }],
  },
  rules: {
    [policy]: [
      { on: "create", enforce: refuseLongPolicy },
      { on: "update", enforce: refuseLongPolicy },
      { on: "delete", enforce: keepsUsedPolicy },
    ],
  },
};
