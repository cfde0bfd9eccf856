/** `slipway failover`: what operators tell Route 53 about regions, and what is known of where users are sent. */
import {
  approvalRegion,
  failoverDomain,
  failsOver,
  type RegionRole,
  regionRoles,
  type SwitchKind,
  switchName,
} from "../../components/environment/contract/failover.ts";
import type { StackConfig } from "../../infra/config/stack.ts";
import type { Aws } from "../aws/aws.ts";
import { openAws } from "../aws/open.ts";
import { isReal } from "../engine/backend.ts";
import { nextLine, slipwayCommand } from "../project/nextCommand.ts";
import { requireReason } from "../project/reason.ts";
import { cloudOf, type NamedStack, operatedStack, type StackFlags } from "../project/stack.ts";
import { UserError } from "../userError.ts";
import { answeringByDns, answeringInSandbox } from "./answers.ts";
import { FailoverCloud } from "./cloud.ts";
import { otherWriters, reasonAgainstWithdrawal } from "./safety.ts";

/** Flags of the commands. */
export interface FailoverFlags extends StackFlags {
  /** Region that a statement is about. @default the only one that it can be about */
  readonly region?: string;
  /** Hours until an approval lapses. @default failover.approval.hours */
  readonly hours?: string;
  /** Why, for whoever reads it later. */
  readonly reason?: string;
  /** Do it though a safety rule is against it. @default false */
  readonly force?: boolean;
}

type Print = (text: string) => void;

/** What an operator said of a region, and what is in force. */
export interface Statement {
  readonly kind: SwitchKind;
  /** When it lapses. @default never */
  readonly until?: Date;
  /** Who said it and why. */
  readonly note: string;
}

/** What is in force about a region. @throws UserError when it cannot be read */
export async function statementsOf(config: StackConfig, cloud: FailoverCloud, role: RegionRole): Promise<Statement[]> {
  if (role.region === regionRoles(config).at(-1)?.region) return [];
  const kinds: SwitchKind[] = role.policy === "manual_approval" ? ["approve", "withdraw"] : ["withdraw"];
  const found = kinds.map(async (kind): Promise<Statement[]> => {
    const { on, until, note } = await cloud.readSwitch(switchName(config, kind, role.region));
    return on ? [{ kind, note, ...(until === undefined ? {} : { until }) }] : [];
  });
  return (await Promise.all(found)).flat();
}

/**
 * Says something about a region, or takes it back.
 * @throws UserError when nothing can be said about it, or a safety rule is against it and nobody insists
 */
export async function setSwitch(kind: SwitchKind, on: boolean, flags: FailoverFlags, print: Print = console.log): Promise<void> {
  await writeStatement(kind, on, flags, print);
  print(nextLine(slipwayCommand("status", flags)));
}

/** The statement itself, for a command that goes on after it. */
export async function writeStatement(kind: SwitchKind, on: boolean, flags: FailoverFlags, print: Print = console.log): Promise<void> {
  const reason = requireReason(flags.reason);
  const stack = failingOver(flags);
  const { config } = stack;
  const { region } = subject(kind, config, flags.region);
  const cloud = failoverCloud(stack);
  const against = kind === "withdraw" ? await reasonAgainst(on, stack, cloud, region) : undefined;
  if (against !== undefined && flags.force !== true)
    throw new UserError(
      `${region} is not ${on ? "withdrawn" : "restored"}: ${against}. Nothing was changed. Who knows better: the same with --force.`,
    );
  const hours = on && kind === "approve" ? hoursOf(flags, config) : undefined;
  const until = hours === undefined ? undefined : new Date(cloud.now().getTime() + hours * 3_600_000);
  const by = await cloud.caller();
  const note = `${on ? (kind === "approve" ? "approved" : "withdrawn") : "taken back"} by ${by}: ${reason}`.slice(0, 500);
  await cloud.writeSwitch(switchName(config, kind, region), { on, note, ...(until === undefined ? {} : { until }) });
  if (against !== undefined) print(`Forced, though ${against}.`);
  const place = `${approvalRegion(config)} of ${cloudOf(stack)}`;
  print(`${said(kind, on, region, until)} Set by ${by} in ${place}; Route 53 sees it within two minutes, and users a minute later.`);
}

/** The safety rule of a withdrawal, or of its end; undefined when it holds. */
async function reasonAgainst(on: boolean, stack: NamedStack, cloud: FailoverCloud, region: string): Promise<string | undefined> {
  if (on) return reasonAgainstWithdrawal(stack.config, cloud, region);
  const others = await otherWriters(openAws(stack), stack.config, cloud, region);
  if (others.length === 0) return undefined;
  return `its database takes writes, and ${others.map(({ why }) => why).join("; ")}: two would. The way home: docs/runbooks/failback.md`;
}

function said(kind: SwitchKind, on: boolean, region: string, until: Date | undefined): string {
  if (kind === "withdraw")
    return on ? `${region} is not answered until it is restored.` : `${region} is answered again while it is healthy.`;
  return on
    ? `${region} may be left while it is down, until ${until?.toISOString()}.`
    : `${region} is not left any more, even if it is down.`;
}

/** The region that a statement is about. */
function subject(kind: SwitchKind, config: StackConfig, wanted: string | undefined): RegionRole {
  const possible = regionRoles(config)
    .slice(0, -1)
    .filter(({ policy }) => kind === "withdraw" || policy === "manual_approval");
  const names = possible.map(({ region }) => region).join(", ") || "none";
  const found = wanted === undefined && possible.length === 1 ? possible[0] : possible.find(({ region }) => region === wanted);
  if (found !== undefined) return found;
  const what = kind === "approve" ? "waits for an approval" : "can be withdrawn";
  throw new UserError(
    `${wanted === undefined ? "Which region? Give --region." : `${wanted} is no region that ${what}.`} There is: ${names}.`,
    2,
  );
}

function hoursOf({ hours }: FailoverFlags, config: StackConfig): number {
  if (hours === undefined) return config.failover.approval.hours;
  const number = Number(hours);
  if (!(number > 0 && number <= 72)) throw new UserError(`--hours is ${hours}; give a number up to 72.`, 2);
  return number;
}

/** The stack that flags name. @throws UserError for one of a single region */
export function failingOver(flags: FailoverFlags): NamedStack {
  const stack = operatedStack(flags);
  if (!failsOver(stack.config))
    throw new UserError(`${stack.name} runs in one region: slipway:failover has no secondary. See docs/components/failover.md`, 2);
  return stack;
}

/** @param aws that is asked. @default opened in the region that keeps the switches: the primary may be lost */
export function failoverCloud(stack: NamedStack, aws: Aws = openAws(stack, approvalRegion(stack.config))): FailoverCloud {
  const { system, environment } = stack.config;
  const switchRegion = approvalRegion(stack.config);
  const tags = { System: system, Environment: environment };
  return new FailoverCloud(aws, { switchRegion, tags, stack: `--stack ${stack.name}` });
}

/** The region that the stack's hosts lead to; undefined when nobody can tell. */
export function answeringRegion({ config, backend }: NamedStack): Promise<string | undefined> {
  const hosts = Object.fromEntries(regionRoles(config).map(({ region, host }) => [region, host]));
  const answering = isReal(backend, "aws") ? answeringByDns(hosts) : answeringInSandbox(backend.folder);
  return answering(failoverDomain(config));
}
