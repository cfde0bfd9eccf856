/** `slipway failover`: where users are sent, and what operators tell Route 53 about regions. */
import Table from "cli-table3";
import pc from "picocolors";
import {
  approvalRegion,
  carriedServices,
  failoverDomain,
  failsOver,
  type RegionRole,
  regionRoles,
  type SwitchKind,
  switchName,
} from "../../components/environment/contract/failover.ts";
import type { StackConfig } from "../../infra/config/stack.ts";
import { openAws } from "../aws/open.ts";
import { isReal } from "../engine/backend.ts";
import { cloudOf, type NamedStack, operatedStack, type StackFlags } from "../project/stack.ts";
import { UserError } from "../userError.ts";
import { answeringByDns, answeringInSandbox } from "./answers.ts";
import { FailoverCloud } from "./cloud.ts";

/** Flags of the commands. */
export interface FailoverFlags extends StackFlags {
  /** Region that a statement is about. @default the only one that it can be about */
  readonly region?: string;
  /** Hours until an approval lapses. @default failover.approval.hours */
  readonly hours?: string;
  /** Why, for whoever reads it later. */
  readonly reason?: string;
}

type Print = (text: string) => void;

/** Prints how it stands. @returns 0 when the primary is healthy and answers, and no statement is in force; else 1 */
export async function failoverStatus(flags: FailoverFlags): Promise<number> {
  const stack = failingOver(flags);
  const { config } = stack;
  const cloud = failoverCloud(stack);
  const answering = await answeringRegion(stack);
  const table = new Table({
    head: ["region", "role", "when it fails", "health", "said", "answers", "behind"],
    style: { head: [], border: [] },
  });
  const roles = regionRoles(config);
  let calm = answering === config.aws.region;
  for (const role of roles) {
    const health = await cloud.health(role.host);
    const said = await statements(config, cloud, role, roles);
    const lags = Object.entries(role.role === "primary" ? {} : await cloud.lagSeconds(role.region)).map(
      ([name, lag]) => `${name} ${lag} s`,
    );
    calm = calm && said.length === 0 && (role.role !== "primary" || health === "healthy");
    const fails = role === roles.at(-1) ? "nothing follows" : role.policy === "automatic" ? "leaves by itself" : "waits for approval";
    const shown = health === "healthy" ? pc.green(health) : health === "down" ? pc.red(health) : health;
    const answers = role.region === answering ? pc.bold("now") : "";
    table.push([role.region, role.role, fails, shown, said.join("\n") || "–", answers, lags.join("\n") || "–"]);
  }
  console.log(`${stack.name} in ${cloudOf(stack)}:`);
  console.log(table.toString());
  const elsewhere = Object.keys(config.services).filter((service) => !carriedServices(config).includes(service));
  console.log(`${failoverDomain(config)} ${answering === undefined ? "answers nobody that is known here" : `leads to ${answering}`}.`);
  if (elsewhere.length > 0) console.log(`Not carried to another region: ${elsewhere.join(", ")}.`);
  return calm ? 0 : 1;
}

async function statements(config: StackConfig, cloud: FailoverCloud, role: RegionRole, roles: readonly RegionRole[]): Promise<string[]> {
  if (role === roles.at(-1)) return [];
  const kinds: SwitchKind[] = role.policy === "manual_approval" ? ["approve", "withdraw"] : ["withdraw"];
  const said: string[] = [];
  for (const kind of kinds) {
    const { on, until, note } = await cloud.readSwitch(switchName(config, kind, role.region));
    const end = until === undefined ? "" : ` until ${until.toISOString()}`;
    if (on) said.push(`${kind === "approve" ? "may be left" : "withdrawn"}${end} (${note})`);
  }
  return said;
}

/** Says something about a region, or takes it back. @throws UserError when nothing can be said about it */
export async function setSwitch(kind: SwitchKind, on: boolean, flags: FailoverFlags, print: Print = console.log): Promise<void> {
  const stack = failingOver(flags);
  const { config } = stack;
  const { region } = subject(kind, config, flags.region);
  const cloud = failoverCloud(stack);
  const hours = on && kind === "approve" ? hoursOf(flags, config) : undefined;
  const until = hours === undefined ? undefined : new Date(cloud.now().getTime() + hours * 3_600_000);
  const by = await cloud.caller();
  const note =
    `${on ? (kind === "approve" ? "approved" : "withdrawn") : "taken back"} by ${by}: ${flags.reason ?? "no reason given"}`.slice(0, 500);
  await cloud.writeSwitch(switchName(config, kind, region), { on, note, ...(until === undefined ? {} : { until }) });
  const place = `${approvalRegion(config)} of ${cloudOf(stack)}`;
  print(`${said(kind, on, region, until)} Set by ${by} in ${place}; Route 53 sees it within two minutes, and users a minute later.`);
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

function failingOver(flags: FailoverFlags): NamedStack {
  const stack = operatedStack(flags);
  if (!failsOver(stack.config))
    throw new UserError(`${stack.name} runs in one region: slipway:failover has no secondary. See docs/components/failover.md`, 2);
  return stack;
}

function failoverCloud(stack: NamedStack): FailoverCloud {
  const { system, environment } = stack.config;
  const switchRegion = approvalRegion(stack.config);
  const tags = { System: system, Environment: environment };
  return new FailoverCloud(openAws(stack, switchRegion), { switchRegion, tags, stack: `--stack ${stack.name}` });
}

function answeringRegion({ config, backend }: NamedStack): Promise<string | undefined> {
  const hosts = Object.fromEntries(regionRoles(config).map(({ region, host }) => [region, host]));
  const answering = isReal(backend, "aws") ? answeringByDns(hosts) : answeringInSandbox(backend.folder);
  return answering(failoverDomain(config));
}
