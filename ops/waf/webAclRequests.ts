/** What AWS WAF blocked, out of its samples: each rule of a web ACL keeps those of the last three hours. */
import type { Aws, Client } from "../aws/aws.ts";
import { type Blocked, type BlockedRequests, together } from "./blockedRequests.ts";

/** How far back samples go, and how many are asked for at once (AWS WAF API, GetSampledRequests). */
const kept = { milliseconds: 3 * 3_600_000, items: 500 };

/** Actions that keep a client out. */
const keepsOut = new Set(["BLOCK", "CAPTCHA", "CHALLENGE"]);

/** Whose requests, and since when. */
interface Asked {
  /** Regions of the stack: each has a web ACL of its own. */
  readonly regions: readonly string[];
  /** Beginning of a web ACL's name, by region. */
  readonly nameIn: (region: string) => string;
  /** Names of the rules in config. */
  readonly rules: readonly string[];
  /** Milliseconds. */
  readonly since: number;
  readonly addresses: boolean;
}

/** @throws UserError when AWS refuses */
export async function blockedByWebAcls(aws: Aws, asked: Asked): Promise<Blocked> {
  const since = Math.min(asked.since, kept.milliseconds);
  const found = await Promise.all(asked.regions.map((region) => inRegion(aws, region, { ...asked, since })));
  const none = asked.regions.filter((_, index) => found[index] === undefined);
  return {
    requests: together(found.flatMap((requests) => requests ?? [])),
    notes: [
      "Numbers are estimates: AWS WAF keeps samples.",
      ...(asked.since > since
        ? ["AWS WAF keeps samples of the last 3 hours; what was before is in its log (slipway runbook waf-blocking)."]
        : []),
      ...none.map((region) => `${region} has no web ACL that begins with ${asked.nameIn(region)}.`),
    ],
  };
}

/** @returns undefined where the region has no web ACL of the stack */
async function inRegion(aws: Aws, region: string, asked: Asked): Promise<BlockedRequests[] | undefined> {
  const waf = await aws.client("wafv2", region);
  const acl = await aws.told(`Web ACLs of ${region} cannot be read`, ownAcl(waf, asked.nameIn(region)));
  if (acl === undefined) return undefined;
  const { WebACL } = await aws.told(
    `The web ACL ${acl.Name} cannot be read`,
    waf.getWebACL({ Scope: "REGIONAL", Name: acl.Name, Id: acl.Id }),
  );
  const EndTime = aws.now();
  const window = { StartTime: new Date(EndTime.getTime() - asked.since), EndTime };
  const byRules = await Promise.all(
    (WebACL?.Rules ?? []).map(async ({ Name: rule = "", VisibilityConfig }) => {
      const sample = waf.getSampledRequests({
        ...{
          WebAclArn: acl.ARN,
          RuleMetricName: VisibilityConfig?.MetricName,
          Scope: "REGIONAL",
          TimeWindow: window,
          MaxItems: kept.items,
        },
      });
      const { SampledRequests = [], PopulationSize = 0 } = await aws.told(
        `What the rule ${rule} of ${acl.Name} blocked cannot be read`,
        sample,
      );
      const weights = SampledRequests.reduce((sum, { Weight = 1 }) => sum + Weight, 0);
      return SampledRequests.filter(({ Action = "" }) => keepsOut.has(Action)).map(
        ({ Request, Action = "", Weight = 1, RuleNameWithinRuleGroup: inner }): BlockedRequests => ({
          rule: inner === undefined ? rule : `${rule}: ${inner}`,
          declared: asked.rules.includes(rule),
          action: Action.toLowerCase(),
          country: Request?.Country ?? "–",
          path: Request?.URI ?? "–",
          count: Math.max(Weight, Math.round((Weight / weights) * PopulationSize)),
          clients: asked.addresses && Request?.ClientIP !== undefined ? [Request.ClientIP] : [],
        }),
      );
    }),
  );
  return byRules.flat();
}

async function ownAcl(waf: Client<"wafv2">, start: string) {
  let NextMarker: string | undefined;
  do {
    const page = await waf.listWebACLs({ Scope: "REGIONAL", Limit: 100, ...(NextMarker === undefined ? {} : { NextMarker }) });
    const found = page.WebACLs?.find(({ Name }) => Name?.startsWith(start));
    if (found !== undefined) return found;
    NextMarker = page.NextMarker;
  } while (NextMarker !== undefined);
  return undefined;
}
