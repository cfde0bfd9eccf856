/** Pipeline roles and budget of a stack, when its config asks for them. */
import { type Output, type ProviderResource, runtime } from "@pulumi/pulumi";
import { PipelineAccess } from "../components/access/pipelineAccess.ts";
import { rolePath } from "../components/access/scope.ts";
import { Budget } from "../components/budget/budget.ts";
import type { Tags } from "../components/tags.ts";
import { failoverDomain, failsOver, readOnlyParameter } from "./config/failover.ts";
import type { StackConfig } from "./config/stack.ts";
import { regionCode } from "./regionCode.ts";
import { stackRegions } from "./stackRegions.ts";

/** What they are made from. */
interface AccessArgs {
  readonly config: StackConfig;
  readonly tags: Tags;
  readonly providers: readonly ProviderResource[];
}

/** Roles that a pipeline's workflows name. */
export interface AccessOutputs {
  readonly previewRoleArn: Output<string>;
  readonly planRoleArn: Output<string>;
  readonly driftRoleArn: Output<string>;
  readonly applyRoleArn: Output<string>;
}

/**
 * Declares the pipeline's roles, and gives every role that is declared after it the boundary and the path without which the
 * apply role could not make it. Call it first. @returns undefined when the stack has no pipeline roles
 */
export function declareAccess({ config, tags, providers }: AccessArgs): AccessOutputs | undefined {
  const { github, state } = config.access;
  if (github === undefined) return undefined;
  const { repository, repositoryId, subjectPrefix, workflow, apply, branch, provider, decryptInPreview } = github;
  const regions = stackRegions(config);
  const { previewRoleArn, planRoleArn, driftRoleArn, applyRoleArn, boundaryArn } = new PipelineAccess(
    "pipeline",
    {
      scope: {
        accountId: config.aws.accountId,
        system: config.system,
        environment: config.environment,
        regions,
        nameStarts: nameStarts(regions),
        parameters: failsOver(config) ? [readOnlyParameter(config)] : [],
        hostedZoneId: config.dns.provider === "route53" ? config.dns.zoneId : undefined,
        delegatedDomain: failsOver(config) && config.dns.provider !== "route53" ? failoverDomain(config) : undefined,
        state,
      },
      namePrefix: `${config.system}-${config.environment}-pipeline`,
      repository: { repository, repositoryId, subjectPrefix, workflow },
      provider,
      apply,
      branch,
      decryptInPreview,
      tags,
    },
    { providers: [...providers] },
  );
  // Both at once: a role inside the boundary that lies outside the path could not be changed by the apply role, and the other way round.
  const place = { permissionsBoundary: boundaryArn, path: rolePath(config) };
  // Not `registerResourceTransform`: it does not run under the mocks that the tests of the graph use.
  runtime.registerStackTransformation(({ type, name, props, opts }) =>
    type === "aws:iam/role:Role" && !name.startsWith("pipeline-") ? { props: { ...props, ...place }, opts } : undefined,
  );
  return { previewRoleArn, planRoleArn, driftRoleArn, applyRoleArn };
}

/**
 * What the names of a stack's resources start with: of all but those of sites a region's code. The same with and without sites,
 * as a policy that a new site changes would make an administrator add it.
 */
function nameStarts(regions: readonly string[]): string[] {
  return [...regions.map((region) => `${regionCode(region)}-`), "site-", "sites-"];
}

/** Declares the budget, when the stack has one. */
export function declareBudget({ config, tags, providers }: AccessArgs): void {
  const { monthly } = config.budget;
  if (monthly === undefined) return;
  new Budget(
    "budget",
    {
      accountId: config.aws.accountId,
      monthlyUsd: monthly.usd,
      alertPercents: monthly.alertPercents,
      forecast: monthly.forecast,
      emails: monthly.emails,
      onlyTagged: monthly.scope === "stack" ? { key: "System", value: config.system } : undefined,
      tags,
    },
    { providers: [...providers] },
  );
}
