/** Simulated AWS: tables for the generic provider. */
import { factsOf } from "../../facts/facts.ts";
import { type Catalogue, CloudError } from "../catalogue.ts";
import { identities } from "./identities.ts";
import { invokes } from "./invokes.ts";
import { references, refusals } from "./references.ts";
import { rules } from "./rules.ts";
import { uniques } from "./uniques.ts";

const globalModules = new Set(["iam", "route53", "cloudfront", "globalaccelerator", "budgets"]);

export const aws: Catalogue = {
  packageName: "aws",
  version: "7.48.0",
  facts: factsOf,
  identities,
  references,
  refusals,
  uniques,
  rules,
  invokes,
  isGlobal: (token) => globalModules.has(token.split(":")[1]?.split("/")[0] ?? ""),
  regionProperty: "region",
  configure: (config, account) => {
    const region = config.region;
    if (typeof region !== "string" || region === "") {
      throw new CloudError("Invalid provider configuration", "the AWS region is not set; give the provider a region");
    }
    const allowed = config.allowedAccountIds;
    if (Array.isArray(allowed) && allowed.length > 0 && !allowed.includes(account)) {
      throw new CloudError("Invalid provider configuration", `AWS account ID not allowed: ${account}`);
    }
    const forbidden = config.forbiddenAccountIds;
    if (Array.isArray(forbidden) && forbidden.includes(account)) {
      throw new CloudError("Invalid provider configuration", `AWS account ID not allowed: ${account}`);
    }
    return { account, region };
  },
};
