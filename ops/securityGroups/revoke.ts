/** `slipway security-group revoke`: takes a rule away that no update would, as the state does not hold it. */
import { openAws } from "../aws/open.ts";
import { openSession } from "../engine/commands.ts";
import { readState } from "../engine/state.ts";
import { nextLine, slipwayCommand } from "../project/nextCommand.ts";
import { requireReason } from "../project/reason.ts";
import { operatedStack, type StackFlags } from "../project/stack.ts";
import { type ForeignRule, foreignRules } from "../status/foreignRules.ts";
import { UserError } from "../userError.ts";

/** Flags of the command. */
export interface RevokeFlags extends StackFlags {
  /** `sgr-…` */
  readonly rule: string;
  readonly reason: string;
  /** @default the stack's own */
  readonly region?: string;
}

/**
 * Takes the rule away. One that the state holds is the stack's to change: it is refused.
 * @returns 0 once it is gone
 * @throws UserError for a rule that is none of the stack's groups, or that the state holds
 */
export async function revoke(flags: RevokeFlags): Promise<number> {
  const reason = requireReason(flags.reason);
  const stack = operatedStack(flags);
  const { region = stack.config.aws.region, rule: id } = flags;
  const session = openSession(stack);
  const state = await readState(session).finally(() => session.close());
  const aws = openAws(stack);
  if (state.resources.some((one) => one.id === id))
    throw new UserError(`${id} is in the state of ${stack.name}: change the config, and run ${slipwayCommand("up", flags)}`, 2);
  const foreign = await foreignRules({ stack, state, aws });
  const found = foreign.find((one) => one.id === id && one.region === region);
  if (found === undefined) throw new UserError(noSuch(id, region, foreign), 2);
  const ec2 = await aws.client("ec2", region);
  const asked = { GroupId: found.group, SecurityGroupRuleIds: [id] };
  const revoked = found.direction === "in" ? ec2.revokeSecurityGroupIngress(asked) : ec2.revokeSecurityGroupEgress(asked);
  await aws.told(`${id} cannot be taken away`, revoked);
  const { arn } = await aws.identity();
  console.log(`${id} of ${found.groupName} in ${region} is gone: ${found.opens}. By ${arn} in ${aws.cloud}: ${reason}`);
  console.log(nextLine(slipwayCommand("status", flags, "--deep")));
  return 0;
}

function noSuch(id: string, region: string, foreign: readonly ForeignRule[]): string {
  const others = foreign.map((one) => `${one.id} in ${one.region}`).join(", ");
  return `No security group of the stack has the rule ${id} in ${region}. Rules that its state does not hold: ${others || "none"}.`;
}
