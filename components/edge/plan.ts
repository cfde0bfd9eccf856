/** What each Cloudflare plan lets a zone declare. From Cloudflare's availability tables (custom rules, rate limits, operators, cache times). */

/** Plans, the smallest first. */
export const plans = ["free", "pro", "business", "enterprise"] as const;
export type Plan = (typeof plans)[number];

/** What a zone of the plan enterprise has only where it was bought beside the plan (Cloudflare, Bot Management variables). */
export const entitlements = ["botManagement"] as const;
export type Entitlement = (typeof entitlements)[number];

/** What a zone may use: its plan, and what was bought beside it. */
export interface Entitled {
  readonly plan: Plan;
  /** @default none */
  readonly entitlements?: readonly Entitlement[] | undefined;
}

/** What a zone's plan allows. */
export interface PlanLimits {
  /** Custom rules of a zone. */
  readonly customRules: number;
  /** Rate-limit rules of a zone. */
  readonly rateRules: number;
  /** Periods over which requests may be counted, seconds. */
  readonly ratePeriods: readonly number[];
  /** How long a client may be kept out, seconds; undefined is any time. */
  readonly blockSeconds?: readonly number[];
  /** Fields that a rate-limit rule may look at; undefined is every field. */
  readonly rateFields?: readonly string[];
  /** Cache rules, and likewise redirects and each kind of transform. */
  readonly cacheRules: number;
  readonly transformRules: number;
  readonly redirectRules: number;
  /** Shortest time that a cache rule may keep answers at the edge and in browsers, seconds; not keeping them is always possible. */
  readonly edgeSeconds: number;
  readonly browserSeconds: number;
  /** The managed rule sets can be executed. */
  readonly managedRules: boolean;
  /** The action `log` exists. */
  readonly logAction: boolean;
  /** Largest request body that the edge passes on, bytes. */
  readonly bodyBytes: number;
}

const uriFields = ["http.host", "http.request.uri", "http.request.uri.path", "http.request.uri.query", "http.request.full_uri"];
const requestFields = [...uriFields, "http.request.method", "ip.src", "http.user_agent"];
const verifiedBot = "cf.bot_management.verified_bot";
const megabyte = 1_000_000;
const hour = 3600;
const day = 86_400;

/** Seconds that a period or a duration of a rate limit may have; each plan has those up to its longest. */
const rateSeconds = [10, 15, 20, 30, 40, 45, 60, 90, 120, 180, 240, 300, 480, 600, 900, 1200, 1800, 2400, hour, 65_535, day];
const upTo = (longest: number) => rateSeconds.filter((seconds) => seconds <= longest);

export const planLimits: Readonly<Record<Plan, PlanLimits>> = {
  free: {
    customRules: 5,
    rateRules: 1,
    ratePeriods: [10],
    blockSeconds: [10],
    rateFields: ["http.request.uri.path", verifiedBot],
    cacheRules: 10,
    edgeSeconds: 2 * hour,
    browserSeconds: 2 * hour,
    transformRules: 10,
    redirectRules: 10,
    managedRules: false,
    logAction: false,
    bodyBytes: 100 * megabyte,
  },
  pro: {
    customRules: 20,
    rateRules: 2,
    ratePeriods: upTo(60),
    blockSeconds: upTo(hour),
    rateFields: [...uriFields, verifiedBot],
    cacheRules: 25,
    edgeSeconds: hour,
    browserSeconds: hour,
    transformRules: 25,
    redirectRules: 25,
    managedRules: true,
    logAction: false,
    bodyBytes: 100 * megabyte,
  },
  business: {
    customRules: 100,
    rateRules: 5,
    ratePeriods: upTo(600),
    blockSeconds: upTo(day),
    rateFields: [...requestFields, verifiedBot],
    cacheRules: 50,
    edgeSeconds: 1,
    browserSeconds: 1,
    transformRules: 50,
    redirectRules: 50,
    managedRules: true,
    logAction: false,
    bodyBytes: 200 * megabyte,
  },
  enterprise: {
    customRules: 1000,
    rateRules: 100,
    ratePeriods: upTo(65_535),
    cacheRules: 300,
    edgeSeconds: 1,
    browserSeconds: 1,
    transformRules: 300,
    redirectRules: 300,
    managedRules: true,
    logAction: true,
    bodyBytes: 500 * megabyte,
  },
};

/** Longest expression, characters. */
export const expressionLimit = 4096;

/** Whether a plan has what a (smaller) plan has. */
export function includes(plan: Plan, needed: Plan): boolean {
  return plans.indexOf(plan) >= plans.indexOf(needed);
}
