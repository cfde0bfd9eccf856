/** What Cloudflare says before anything is registered: of the zone, of the token's rights, and of rulesets that are there. */
import { getDnsRecords } from "@pulumi/cloudflare/getDnsRecords.js";
import { getRulesets } from "@pulumi/cloudflare/getRulesets.js";
import { getZone } from "@pulumi/cloudflare/getZone.js";
import { getZoneSetting } from "@pulumi/cloudflare/getZoneSetting.js";
import type { InvokeOptions, ProviderResource } from "@pulumi/pulumi";
import { allowedToken, rightsFor, type ZonePart } from "../config/cloudflareRights.ts";
import { zoneProblems } from "../config/cloudflareZone.ts";
import type { Finding, Problem } from "../config/problem.ts";
import type { StackConfig } from "../config/stack.ts";
import { foreignRulesetProblem, foreignRulesets, type ListedRuleset } from "../config/zoneRulesets.ts";
import { askedThrough } from "./invokeOptions.ts";
import type { StateResources } from "./releaseInState.ts";

const rulesetType = "cloudflare:index/ruleset:Ruleset";

/**
 * Asks, by reading alone. What nobody can tell is a warning: an update goes on while Cloudflare's API is out of order.
 * @param state undefined where nobody has seen it: a ruleset by Slipway's name is then taken for the stack's own
 */
export async function cloudflareAnswers(
  config: StackConfig,
  state: StateResources | undefined,
  provider: ProviderResource | undefined,
): Promise<Problem[]> {
  const { zoneId } = config.dns;
  const opts = askedThrough(provider);
  const zone = getZone({ zoneId }, opts).then(({ name, status, plan, account }) =>
    zoneProblems(config, { name, status, plan: plan?.legacyId, account: account?.name }),
  );
  const parts = rightsFor(config).map(async ({ name, part }) => {
    try {
      return rulesetProblems(config, state, await read[part](zoneId, opts));
    } catch (error) {
      return [refusal(config, error, `for what ${name} is needed for`)];
    }
  });
  const found = await zone.catch((error: unknown) => [refusal(config, error, `for the zone ${zoneId}`)]);
  const others = (await Promise.all(parts)).flat();
  // A token that sees no zone sees nothing of it: that is said once.
  return found.some(({ severity }) => severity !== "warning") ? found : [...found, ...others];
}

/** Reads a part of the zone; the rulesets that are there, where it is those. */
const read: Readonly<Record<ZonePart, (zoneId: string, opts: InvokeOptions) => Promise<readonly ListedRuleset[]>>> = {
  dns_records: async (zoneId, opts) => {
    await getDnsRecords({ zoneId, maxItems: 1 }, opts);
    return [];
  },
  "settings/ssl": async (zoneId, opts) => {
    await getZoneSetting({ zoneId, settingId: "ssl" }, opts);
    return [];
  },
  rulesets: async (zoneId, opts) => (await getRulesets({ zoneId }, opts)).rulesets,
};

function rulesetProblems(config: StackConfig, state: StateResources | undefined, listed: readonly ListedRuleset[]): Problem[] {
  const own = Object.values(state ?? {}).flatMap(({ type, outputs: { phase, zoneId } }) =>
    type === rulesetType && zoneId === config.dns.zoneId ? [String(phase)] : [],
  );
  const judged = state === undefined ? listed.filter(({ name }) => name !== "slipway") : listed;
  return foreignRulesets(config, judged, new Set(own)).map((one) => foreignRulesetProblem(config, one));
}

/** An error of the provider: a refusal of Cloudflare's is one, anything else is told and refuses nothing. */
function refusal(config: StackConfig, error: unknown, what: string): Problem {
  const text = error instanceof Error ? error.message : String(error);
  // Rulesets are refused without a code (cloudflare-docs#22808).
  const [message = text] = /(?<="message":\s*)"[^"]*"/.exec(text) ?? [];
  const [code = ""] = /(?<="code":\s*)\d+/.exec(text) ?? [];
  const path = ["dns", "provider"];
  // The words of the provider's client: GET "https://…": 403 Forbidden {…}.
  if (!/":\s40[0134]\s\w/.test(text)) {
    const found: Finding = `is "cloudflare", which does not answer ${what}`;
    return { path, found, reason: text, severity: "warning" };
  }
  return {
    ...{ path, found: `is "cloudflare", which refuses the token ${what}: ${[message, code].join(" ").trim()}` },
    ...{ allowed: allowedToken(config), fix: "export CLOUDFLARE_API_TOKEN=<token>" },
  };
}
