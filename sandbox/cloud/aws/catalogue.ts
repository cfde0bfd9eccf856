/** Simulated AWS: tables for the generic provider. */
import { factsOf, type TypeFacts } from "../../facts/facts.ts";
import { type Catalogue, CloudError, mergeTables } from "../catalogue.ts";
import type { Identity } from "../identity.ts";
import { randomHex } from "../randomness.ts";
import { access } from "./access.ts";
import { backup } from "./backup.ts";
import { bucketFeatures } from "./bucketFeatures.ts";
import { cloudFront } from "./cloudFront.ts";
import { cloudWatchAlarms } from "./cloudWatchAlarms.ts";
import { dashboards } from "./dashboards.ts";
import { databases } from "./databases.ts";
import { efs } from "./efs.ts";
import { elasticache } from "./elasticache.ts";
import { events } from "./events.ts";
import { healthChecks } from "./healthChecks.ts";
import { identities } from "./identities.ts";
import { images } from "./images.ts";
import { invokes } from "./invokes.ts";
import { lambda } from "./lambda.ts";
import { logs } from "./logs.ts";
import { oneOffTasks } from "./oneOffTasks.ts";
import { plans } from "./plans.ts";
import { prefixLists } from "./prefixLists.ts";
import { replication } from "./replication.ts";
import { rules } from "./rules.ts";
import { scheduler } from "./scheduler.ts";
import { secretsManager } from "./secretsManager.ts";
import { sns } from "./sns.ts";
import { sqs } from "./sqs.ts";
import { ssm } from "./ssm.ts";
import { stickiness } from "./stickiness.ts";
import { tasks } from "./tasks.ts";
import { wafv2 } from "./wafv2.ts";

const common: TypeFacts = {
  framework: true,
  open: true,
  properties: { arn: { type: "string", optional: true, computed: true } },
};

/** A name of its own and, where the type has one, an ARN: neither in the form that AWS gives them for the type. */
function otherIdentity(token: string, { properties }: TypeFacts): Identity {
  const service = moduleOf(token);
  return {
    id: ({ name }) => (typeof name === "string" && name !== "" ? `${name}-${randomHex(8)}` : randomHex(17)),
    outputs: properties.arn === undefined ? {} : { arn: `arn:aws:${service}:${isGlobal(token) ? "" : "{region}"}:{account}:{id}` },
  };
}

const globalModules = new Set(["iam", "route53", "cloudfront", "globalaccelerator", "budgets"]);

function moduleOf(token: string): string {
  return token.split(":")[1]?.split("/")[0] ?? "";
}

function isGlobal(token: string): boolean {
  return globalModules.has(moduleOf(token));
}

export const aws: Catalogue = {
  packageName: "aws",
  version: "7.48.0",
  facts: factsOf,
  commonFacts: common,
  otherIdentity,
  ...mergeTables([
    { identities, rules, invokes },
    access,
    backup,
    bucketFeatures,
    cloudFront,
    cloudWatchAlarms,
    dashboards,
    databases,
    efs,
    elasticache,
    events,
    healthChecks,
    images,
    lambda,
    logs,
    prefixLists,
    replication,
    scheduler,
    secretsManager,
    sns,
    sqs,
    ssm,
    stickiness,
    oneOffTasks,
    tasks,
    wafv2,
  ]),
  isGlobal,
  plans,
  fillsIn: true,
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
