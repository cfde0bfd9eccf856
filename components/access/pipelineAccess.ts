/** Roles of a stack's pipeline: GitHub's identity, roles that preview, plan, look for drift and apply, and a boundary for what they make. */
import { OpenIdConnectProvider } from "@pulumi/aws/iam/openIdConnectProvider.js";
import { Policy } from "@pulumi/aws/iam/policy.js";
import { Role, type RoleArgs } from "@pulumi/aws/iam/role.js";
import { RolePolicyAttachment } from "@pulumi/aws/iam/rolePolicyAttachment.js";
import { type ComponentResourceOptions, type Output, output } from "@pulumi/pulumi";
import { Component, type Tagged, type Transformable } from "../component.ts";
import { accepted, type Given } from "../contract/accepted.ts";
import type { ArgumentProblem } from "../contract/argumentProblem.ts";
import { applyStatements } from "./applyPolicy.ts";
import { boundaryStatements } from "./boundary.ts";
import { pipelineAccess } from "./contract.ts";
import { driftStatements } from "./driftPolicy.ts";
import { githubTokens, type TrustedJobs, trustPolicy } from "./githubTrust.ts";
import { type PolicyStatement, packed, policiesPerRole, policyText } from "./policyDocument.ts";
import { planStatements, previewStatements } from "./previewPolicy.ts";
import { global, type PipelineRole, type PipelineScope } from "./scope.ts";

/**
 * How long a session of each role lasts at most. An apply's is longer than its job, which waits for databases and for tasks to
 * be steady: credentials that end before it leave an update half made.
 */
export const sessionSeconds: Readonly<Record<PipelineRole, number>> = { preview: 3600, plan: 3600, drift: 3600, apply: 10_800 };

/** Arguments of `PipelineAccess`: those of its contract, and these. */
export interface PipelineAccessArgs
  extends Given<typeof pipelineAccess>,
    Tagged,
    Transformable<{ previewRole: RoleArgs; planRole: RoleArgs; driftRole: RoleArgs; applyRole: RoleArgs }> {
  readonly scope: PipelineScope;
}

/** What one of the roles is made from. */
interface PipelineRoleArgs {
  readonly key: PipelineRole;
  readonly description: string;
  /** What of the repository may take it. */
  readonly jobs: readonly TrustedJobs[];
  readonly statements: readonly PolicyStatement[];
  readonly args: PipelineAccessArgs;
  /** ARN of GitHub's identity provider. */
  readonly provider: Output<string>;
  readonly repository: Parameters<typeof trustPolicy>[1];
}

/**
 * Sessions last an hour at most, those of an apply three. Roles and policies have fixed names, because the policies speak about them.
 *
 * @throws InputPropertiesError naming every argument that cannot be used
 */
export class PipelineAccess extends Component {
  /** The real resources. */
  readonly nodes: { readonly roles: Readonly<Record<PipelineRole, Role>>; readonly boundary: Policy };
  readonly previewRoleArn: Output<string>;
  /** Reads what the preview role reads and the state's secrets besides; for jobs of the deployed branch. */
  readonly planRoleArn: Output<string>;
  /** Reads what a refresh reads, the stack's generated secrets among it; for the drift workflow of the deployed branch. */
  readonly driftRoleArn: Output<string>;
  readonly applyRoleArn: Output<string>;
  /** Boundary that every role made by the stack must have; known when it exists. */
  readonly boundaryArn: Output<string>;

  constructor(name: string, args: PipelineAccessArgs, opts?: ComponentResourceOptions) {
    const {
      namePrefix,
      provider: owner,
      apply,
      branch,
      decryptInPreview,
      readEnvironment,
      workflow: pinned,
      ...repository
    } = accepted(name, pipelineAccess, args, unpinned(args));
    super("slipway:access:PipelineAccess", name, args, opts);
    const { scope } = args;
    const boundaryName = `${namePrefix}-boundary`;
    const boundaryArn = global(scope, "iam", `policy/${boundaryName}`);
    const boundary = this.#policy(`${name}-boundary`, boundaryName, "The most that roles of the stack can do", boundaryStatements(scope));
    const provider = owner === "existing" ? output(global(scope, "iam", `oidc-provider/${githubTokens}`)) : this.#identityProvider(name);
    // A pull request runs its own version of a workflow, so the pin is for the roles that change things or read content.
    const deployed = { kind: "branch", branch } as const;
    const looking = pinned === undefined ? undefined : driftWorkflow(pinned);
    const inReadEnvironment = (workflow: string | undefined): TrustedJobs[] =>
      readEnvironment === undefined ? [] : [{ subject: { kind: "environment", environment: readEnvironment }, workflow }];
    const role = (key: PipelineRole, of: Pick<PipelineRoleArgs, "description" | "jobs" | "statements">) =>
      this.#role(`${name}-${key}`, { ...of, key, args, provider, repository });
    const preview = role("preview", {
      description: "Previews of pull requests: reads set-up, no content",
      jobs: [{ subject: { kind: "pullRequest" } }],
      statements: previewStatements(scope, decryptInPreview),
    });
    const plan = role("plan", {
      description: "Plans of the deployed branch: reads set-up and the state, no other content",
      jobs: [{ subject: deployed }, ...inReadEnvironment(pinned)],
      statements: planStatements(scope),
    });
    const drift = role("drift", {
      description: "The search for drift: reads set-up, the state, and the content of the stack's own that a refresh reads",
      jobs: [{ subject: deployed, workflow: looking }, ...inReadEnvironment(looking)],
      statements: driftStatements(scope),
    });
    const applying = role("apply", {
      description: "Updates of the stack",
      jobs: [{ subject: apply, workflow: pinned }],
      statements: applyStatements(scope, boundaryArn, namePrefix),
    });
    this.nodes = { roles: { preview: preview.role, plan: plan.role, drift: drift.role, apply: applying.role }, boundary };
    this.previewRoleArn = preview.arn;
    this.planRoleArn = plan.arn;
    this.driftRoleArn = drift.arn;
    this.applyRoleArn = applying.arn;
    this.boundaryArn = boundary.arn;
    this.registerOutputs({
      previewRoleArn: this.previewRoleArn,
      planRoleArn: this.planRoleArn,
      driftRoleArn: this.driftRoleArn,
      applyRoleArn: this.applyRoleArn,
    });
  }

  #identityProvider(child: string): Output<string> {
    return this.child(OpenIdConnectProvider, child, { url: `https://${githubTokens}`, clientIdLists: ["sts.amazonaws.com"] }).arn;
  }

  /** @returns the role, and its ARN, known when it may do all that it has to */
  #role(child: string, { key, description, jobs, statements, args, provider, repository }: PipelineRoleArgs) {
    const roleName = `${args.namePrefix}-${key}`;
    const made = this.child(
      Role,
      child,
      {
        name: roleName,
        description,
        maxSessionDuration: sessionSeconds[key],
        assumeRolePolicy: provider.apply((arn) => JSON.stringify(trustPolicy(arn, repository, jobs))),
      },
      { transform: args.transform?.[`${key}Role`] },
    );
    return { role: made, arn: output(this.#attach(child, made, roleName, statements)).apply(() => made.arn) };
  }

  /** Attaches statements in as many policies as they need. @returns ids of the attachments */
  #attach(child: string, role: Role, policyName: string, statements: readonly PolicyStatement[]): Output<string>[] {
    const policies = packed(statements);
    if (policies.length > policiesPerRole)
      throw new RangeError(`${child} needs ${policies.length} policies; a role takes ${policiesPerRole}`);
    return policies.map((part, index) => {
      // Parts have no meaning of their own: they are named by their place, and a statement that moves changes two of them in place.
      const key = `${child}-part${index + 1}`;
      const policy = this.#policy(key, `${policyName}-part${index + 1}`, `Part ${index + 1} of what ${policyName} may do`, part);
      return this.child(RolePolicyAttachment, key, { role: role.name, policyArn: policy.arn }).id;
    });
  }

  #policy(child: string, policyName: string, description: string, statements: readonly PolicyStatement[]): Policy {
    return this.child(Policy, child, { name: policyName, description, policy: policyText(statements) });
  }
}

/** A job with an environment has a token that names no branch: only its workflow does. */
function unpinned({ readEnvironment, workflow }: PipelineAccessArgs): ArgumentProblem[] {
  if (readEnvironment === undefined || workflow !== undefined) return [];
  return [{ propertyPath: "workflow", reason: "is missing, and there is a readEnvironment" }];
}

/** The drift workflow beside the one that applies, on the same branch. */
export function driftWorkflow(applying: string): string {
  return applying.replace(/[\w.-]+@/, "drift.yml@");
}
