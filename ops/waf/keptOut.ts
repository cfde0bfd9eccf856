/** What the firewall of a stack kept out, at AWS or at Cloudflare, and what lets it through. */
import { planLimits } from "../../components/edge/contract.ts";
import { regionRoles } from "../../components/environment/contract/failover.ts";
import { namedTypes, physicalNames } from "../../infra/config/physicalNames.ts";
import type { StackConfig } from "../../infra/config/stack.ts";
import type { Aws } from "../aws/aws.ts";
import { openCloudflare } from "../cloudflare/cloudflare.ts";
import { setFlag } from "../config/edit.ts";
import type { StateResource } from "../engine/state.ts";
import { slipwayCommand } from "../project/nextCommand.ts";
import type { NamedStack, StackFlags } from "../project/stack.ts";
import { UserError } from "../userError.ts";
import { type Blocked, byRule } from "./blockedRequests.ts";
import { blockedByWebAcls } from "./webAclRequests.ts";
import { blockedByZone } from "./zoneRequests.ts";

/** Whose firewall is asked, and how far back. */
export interface KeptOutAsked {
  readonly stack: NamedStack;
  readonly aws: Aws;
  /** Milliseconds. */
  readonly since: number;
  /** Tell clients' addresses. @default false */
  readonly addresses?: boolean;
}

/**
 * Requests that were kept out.
 * @param resources of the stack's state: Cloudflare tells of rules by their ids, which the state has
 * @throws UserError when the stack has no firewall, or nobody can tell
 */
export async function keptOut(
  { stack, aws, since, addresses = false }: KeptOutAsked,
  resources: () => Promise<readonly Pick<StateResource, "type" | "outputs">[]>,
): Promise<Blocked> {
  const { config } = stack;
  const { edge } = config;
  switch (edge.provider) {
    case "awsWaf":
      return blockedByWebAcls(aws, {
        ...{ since, addresses, rules: Object.keys(edge.rules), nameIn: (region) => aclName(config, region) },
        regions: regionRoles(config).map(({ region }) => region),
      });
    case "cloudflare": {
      const { ruleNames, note } = await namesOfRules(resources);
      const { zoneId } = config.dns;
      const found = await blockedByZone(await openCloudflare(stack), { zoneId, since, addresses, ruleNames, now: aws.now() });
      return { ...found, notes: [...found.notes, ...note] };
    }
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

async function namesOfRules(
  resources: Parameters<typeof keptOut>[1],
): Promise<{ readonly ruleNames: ReadonlyMap<string, string>; readonly note: readonly string[] }> {
  try {
    const rulesets = (await resources()).filter(({ type }) => type === "cloudflare:index/ruleset:Ruleset");
    const rules = rulesets.flatMap(({ outputs = {} }) => (Array.isArray(outputs.rules) ? (outputs.rules as readonly Rule[]) : []));
    return { ruleNames: new Map(rules.map(({ id, ref = id }) => [id, ref])), note: [] };
  } catch (error) {
    if (!(error instanceof UserError)) throw error;
    return { ruleNames: new Map(), note: [`Rules are named by Cloudflare's ids, as the state cannot be read: ${error.message}`] };
  }
}

interface Rule {
  readonly id: string;
  readonly ref?: string;
}

/** What is said of a rule that keeps requests out, and what lets them through; no command for a rule that config does not have. */
export interface Mend {
  readonly about: string;
  readonly command?: string;
  /** The rule, and how many requests. */
  readonly rule: string;
  readonly count: number;
}

/** One of each rule, the one that keeps most out first. Pure. */
export function mends(
  { config, name: stack }: Pick<NamedStack, "config" | "name">,
  flags: StackFlags,
  requests: Blocked["requests"],
): Mend[] {
  const { edge } = config;
  const logs = edge.provider !== "cloudflare" || planLimits[edge.plan].logAction;
  return byRule(requests).map(({ rule, declared, count }): Mend => {
    if (!declared)
      return { rule, count, about: `${rule} is no rule of slipway:edge.rules: it is the firewall's own, or somebody made it by hand.` };
    const [name = rule] = rule.split(": ");
    const mode = logs ? "log" : "off";
    const command = slipwayCommand("up", { ...flags, stack }, setFlag(["edge", "rules", name, "mode"], mode));
    return { rule, count, about: `${rule} (about ${count}) keeps people out? ${command}`, command };
  });
}
