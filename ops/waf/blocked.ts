/** `slipway waf blocked`: which rule keeps whom out, at AWS or at Cloudflare. */
import Table from "cli-table3";
import pc from "picocolors";
import { planLimits } from "../../components/edge/contract.ts";
import { regionRoles } from "../../components/environment/contract/failover.ts";
import { namedTypes, physicalNames } from "../../infra/config/physicalNames.ts";
import type { StackConfig } from "../../infra/config/stack.ts";
import { openAws } from "../aws/open.ts";
import { openCloudflare } from "../cloudflare/cloudflare.ts";
import { setFlag } from "../config/edit.ts";
import { openSession } from "../engine/commands.ts";
import { readState } from "../engine/state.ts";
import { nextLine, slipwayCommand } from "../project/nextCommand.ts";
import { cloudOf, type NamedStack, operatedStack, type StackFlags } from "../project/stack.ts";
import { UserError } from "../userError.ts";
import { type Blocked, byRule } from "./blockedRequests.ts";
import { blockedByWebAcls } from "./webAclRequests.ts";
import { blockedByZone } from "./zoneRequests.ts";

/** Flags of the command. */
export interface BlockedFlags extends StackFlags {
  /** How far back, milliseconds. */
  readonly since: number;
  /** Show clients' addresses. @default false */
  readonly addresses?: boolean;
}

/** Rows that a screen takes. */
const shown = 25;

/** Prints what was kept out. @returns 0, whatever it is: a firewall is there to block */
export async function blocked(flags: BlockedFlags): Promise<number> {
  const stack = operatedStack(flags);
  const { requests, notes } = await asked(stack, flags);
  const mended = mends(stack, flags, requests);
  const minutes = Math.round(flags.since / 60_000);
  const total = requests.reduce((sum, { count }) => sum + count, 0);
  console.log(
    `${total === 0 ? "Nothing was" : `About ${total} requests were`} kept out of ${stack.name} in the last ${minutes} minutes, in ${cloudOf(stack)}.`,
  );
  for (const note of notes) console.log(pc.dim(note));
  if (total > 0) {
    const head = ["rule", "does", "country", "path", "requests", ...(flags.addresses === true ? ["clients"] : [])];
    const table = new Table({ head, style: { head: [], border: [] } });
    for (const { rule, action, country, path, count, clients } of requests.slice(0, shown))
      table.push([
        rule,
        action,
        country,
        path.slice(0, 60),
        String(count),
        ...(flags.addresses === true ? [clients.slice(0, 5).join("\n")] : []),
      ]);
    console.log(table.toString());
    if (requests.length > shown) console.log(`… and ${requests.length - shown} more kinds of requests.`);
    for (const { about } of mended) console.log(about);
  }
  // Of several rules somebody has to say which one; the page tells how.
  const [only, ...others] = mended.flatMap(({ command }) => command ?? []);
  const page = slipwayCommand("runbook waf-blocking", { ...flags, stack: stack.name });
  console.log(nextLine(total === 0 ? undefined : only !== undefined && others.length === 0 ? only : page));
  return 0;
}

async function asked(stack: NamedStack, { since, addresses = false }: BlockedFlags): Promise<Blocked> {
  const { config } = stack;
  const { edge } = config;
  switch (edge.provider) {
    case "awsWaf":
      return blockedByWebAcls(openAws(stack), {
        ...{ since, addresses, rules: Object.keys(edge.rules), nameIn: (region) => aclName(config, region) },
        regions: regionRoles(config).map(({ region }) => region),
      });
    case "cloudflare":
      return zoneBlocked(stack, { since, addresses });
    case "none":
      throw new UserError(`${stack.name} has no firewall: slipway:edge.provider is none; with awsWaf or cloudflare there is one.`, 2);
  }
}

/** Beginning of a web ACL's name; what is drawn comes behind it. */
function aclName(config: StackConfig, region: string): string {
  const row = physicalNames(config).find((one) => one.type === namedTypes.webAcl && one.region === region);
  if (row === undefined) throw new Error(`no web ACL is named in ${region}`);
  return row.name.replace(/\*$/, "");
}

async function zoneBlocked(
  stack: NamedStack,
  { since, addresses }: { readonly since: number; readonly addresses: boolean },
): Promise<Blocked> {
  const { ruleNames, note } = await namesOfRules(stack);
  const { zoneId } = stack.config.dns;
  const found = await blockedByZone(await openCloudflare(stack), { zoneId, since, addresses, ruleNames, now: openAws(stack).now() });
  return { ...found, notes: [...found.notes, ...note] };
}

/** Cloudflare tells of rules by their ids, which the state has. */
async function namesOfRules(
  stack: NamedStack,
): Promise<{ readonly ruleNames: ReadonlyMap<string, string>; readonly note: readonly string[] }> {
  const session = openSession(stack);
  try {
    const { resources } = await readState(session);
    const rulesets = resources.filter(({ type }) => type === "cloudflare:index/ruleset:Ruleset");
    const rules = rulesets.flatMap(({ outputs = {} }) => (Array.isArray(outputs.rules) ? (outputs.rules as readonly Rule[]) : []));
    return { ruleNames: new Map(rules.map(({ id, ref = id }) => [id, ref])), note: [] };
  } catch (error) {
    if (!(error instanceof UserError)) throw error;
    return { ruleNames: new Map(), note: [`Rules are named by Cloudflare's ids, as the state cannot be read: ${error.message}`] };
  } finally {
    session.close();
  }
}

interface Rule {
  readonly id: string;
  readonly ref?: string;
}

/** What is said of a rule that keeps requests out, and what lets them through; no command for a rule that config does not have. */
interface Mend {
  readonly about: string;
  readonly command?: string;
}

function mends(stack: NamedStack, flags: StackFlags, requests: Blocked["requests"]): Mend[] {
  const { edge } = stack.config;
  const logs = edge.provider !== "cloudflare" || planLimits[edge.plan].logAction;
  return byRule(requests).map(({ rule, declared, count }): Mend => {
    if (!declared) return { about: `${rule} is no rule of slipway:edge.rules: it is the firewall's own, or somebody made it by hand.` };
    const [name = rule] = rule.split(": ");
    const mode = logs ? "log" : "off";
    const command = slipwayCommand("up", { ...flags, stack: stack.name }, setFlag(["edge", "rules", name, "mode"], mode));
    return { about: `${rule} (about ${count}) keeps people out? ${command}`, command };
  });
}
