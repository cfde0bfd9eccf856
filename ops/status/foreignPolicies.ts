/** Policies on the stack's roles that its state does not hold: somebody gave a task or a pipeline more than was reviewed. */
import type { State } from "../engine/state.ts";
import type { AskedWithState } from "./asked.ts";

/** One policy that nobody declared. */
export interface ForeignPolicy {
  readonly role: string;
  /** Name of one that is written into the role, ARN of one that is attached. */
  readonly policy: string;
  readonly kind: "inline" | "attached";
}

const types = {
  role: "aws:iam/role:Role",
  inline: "aws:iam/rolePolicy:RolePolicy",
  attached: "aws:iam/rolePolicyAttachment:RolePolicyAttachment",
} as const;

/** Roles that are asked for at once: IAM is one service for the account, and counts. */
const atOnce = 8;

/** Asks IAM for the policies of each role that the state has. */
export async function foreignPolicies({ stack, state, aws }: AskedWithState): Promise<ForeignPolicy[]> {
  const held = heldPolicies(state);
  const iam = await aws.client("iam", stack.config.aws.region);
  const roles = ofType(state, types.role).map(({ outputs = {} }) => String(outputs.name));
  const ask = async (role: string): Promise<ForeignPolicy[]> => {
    const what = `Policies of the role ${role} cannot be read`;
    const [inline, attached] = await Promise.all([
      aws.told(what, Array.fromAsync(iam.paginateListRolePolicies({ RoleName: role }))),
      aws.told(what, Array.fromAsync(iam.paginateListAttachedRolePolicies({ RoleName: role }))),
    ]);
    const found: ForeignPolicy[] = [
      ...inline.flatMap(({ PolicyNames = [] }) => PolicyNames.map((policy) => ({ role, policy, kind: "inline" as const }))),
      ...attached.flatMap(({ AttachedPolicies = [] }) =>
        AttachedPolicies.map(({ PolicyArn: policy = "" }) => ({ role, policy, kind: "attached" as const })),
      ),
    ];
    return found.filter((one) => !held.has(keyOf(one)));
  };
  const all: ForeignPolicy[] = [];
  for (let index = 0; index < roles.length; index += atOnce)
    all.push(...(await Promise.all(roles.slice(index, index + atOnce).map(ask))).flat());
  return all;
}

function heldPolicies(state: State): ReadonlySet<string> {
  return new Set([
    ...ofType(state, types.inline).map(({ outputs = {} }) =>
      keyOf({ kind: "inline", role: String(outputs.role), policy: String(outputs.name) }),
    ),
    ...ofType(state, types.attached).map(({ outputs = {} }) =>
      keyOf({ kind: "attached", role: String(outputs.role), policy: String(outputs.policyArn) }),
    ),
  ]);
}

function ofType({ resources }: State, type: string) {
  return resources.filter((one) => one.type === type && one.delete !== true);
}

function keyOf({ kind, role, policy }: ForeignPolicy): string {
  return `${kind} ${role} ${policy}`;
}
