/** Rate limits by plan, as Cloudflare's table "Rate limiting rules: availability" has them. */
import { expect, test } from "vitest";
import { cloudflareRuleProblems } from "../../../components/edge/cloudflare/ruleProblems.ts";
import { checkExpression } from "../../../components/edge/expression/check.ts";
import { type Plan, planLimits, plans } from "../../../components/edge/plan.ts";
import { edgeRules } from "../../../components/edge/ruleContract.ts";

/** Footnote 3 of the table. */
const supported = [10, 15, 20, 30, 40, 45, 60, 90, 120, 180, 240, 300, 480, 600, 900, 1200, 1800, 2400, 3600, 65_535, 86_400];
const others = [11, 50, 121, 7200];

function taken(plan: Plan, key: "periodSeconds" | "blockSeconds", seconds: number): boolean {
  const limit = { type: "rate", priority: 10, mode: "block", when: { paths: ["/a"] }, requests: 10, [key]: seconds };
  const parsed = edgeRules.safeParse({ limit });
  return parsed.success && cloudflareRuleProblems(parsed.data, { plan }).every(({ path }) => path.at(-1) !== key);
}

const most = { free: [10, 10], pro: [60, 3600], business: [600, 86_400], enterprise: [65_535, 86_400] } as const;

test("C16 each plan has the counting periods and durations of Cloudflare's table", () => {
  for (const plan of plans) {
    const [period, block] = most[plan];
    const of = (key: "periodSeconds" | "blockSeconds") => [...supported, ...others].filter((seconds) => taken(plan, key, seconds));
    expect(of("periodSeconds"), plan).toEqual(supported.filter((seconds) => seconds <= period));
    // Enterprise sets any duration by API (footnote 4).
    const any = plan === "enterprise" ? [...supported, ...others] : supported;
    expect(of("blockSeconds"), plan).toEqual(any.filter((seconds) => seconds <= block));
  }
});

test("C16 a rate limit of each smaller plan sees verified bots", () => {
  const expression = 'http.request.uri.path eq "/a" and not cf.bot_management.verified_bot';
  for (const plan of ["free", "pro", "business"] as const)
    expect(checkExpression(expression, { plan, only: planLimits[plan].rateFields ?? [] }).problems, plan).toEqual([]);
});
