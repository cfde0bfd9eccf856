/** Pipeline roles and budget of a stack, when its config asks for them. */
import type { Output } from "@pulumi/pulumi";
import { PipelineAccess } from "../components/access/pipelineAccess.ts";
import { rolePath } from "../components/access/scope.ts";
import { Budget } from "../components/budget/budget.ts";
import type { RoleLimits } from "../components/component.ts";
import { failoverDomain, failsOver, readOnlyParameter } from "../components/environment/contract/failover.ts";
import { registryOf } from "./config/configuredImages.ts";
import type { Here } from "./here.ts";
import { stackRegions } from "./stackRegions.ts";

/** Roles that a pipeline's workflows name. */
export interface AccessOutputs {
  readonly previewRoleArn: Output<string>;
  readonly planRoleArn: Output<string>;
  readonly driftRoleArn: Output<string>;
  readonly applyRoleArn: Output<string>;
}

/** The pipeline's roles, and the limits within which the stack's own are made. */
interface Access {
  readonly outputs: AccessOutputs;
  readonly roles: RoleLimits;
}

/**
 * Declares the pipeline's roles, and tells the boundary and the path without which the apply role could not make the stack's own.
 * @returns undefined when the stack has no pipeline roles
 */
export function declareAccess({ config, place }: Here): Access | undefined {
  const { github, state } = config.access;
  if (github === undefined) return undefined;
  const regions = stackRegions(config);
  const { previewRoleArn, planRoleArn, driftRoleArn, applyRoleArn, boundaryArn } = place.make(
    PipelineAccess,
    place.names.global("pipeline"),
    {
      scope: {
        accountId: place.accountId,
        system: config.system,
        environment: config.environment,
        regions,
        parameters: failsOver(config) ? [readOnlyParameter(config)] : [],
        hostedZoneId: config.dns.provider === "route53" ? config.dns.zoneId : undefined,
        delegatedDomain: failsOver(config) && config.dns.provider !== "route53" ? failoverDomain(config) : undefined,
        pullsFrom: config.registry.from === undefined ? undefined : registryOf(config),
        state,
      },
      namePrefix: place.names.global("pipeline"),
      ...github,
    },
  );
  return {
    outputs: { previewRoleArn, planRoleArn, driftRoleArn, applyRoleArn },
    roles: { permissionsBoundary: boundaryArn, path: rolePath(config) },
  };
}

/** Declares the budget, when the stack has one. */
export function declareBudget({ config, place }: Here): void {
  const { monthly } = config.budget;
  if (monthly === undefined) return;
  place.make(Budget, place.names.global("budget"), {
    ...monthly,
    onlyTagged: monthly.scope === "stack" ? { key: "System", value: config.system } : undefined,
  });
}
