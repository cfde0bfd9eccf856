/** Whether an alarm of the stack rings: error rates, response times, and what is asked from inside the network. */
import { type Check, checked } from "./check.ts";
import type { VerifiedCloud } from "./cloud.ts";
import type { AlarmPlace } from "./places.ts";

/** One row for each region with alarms. P0 and P1 fail it; what is notified by day only degrades it. */
export async function alarmChecks(places: readonly AlarmPlace[], cloud: VerifiedCloud, prefix: string): Promise<Check[]> {
  const checks: Check[] = [];
  for (const region of [...new Set(places.map((place) => place.region))].sort()) {
    const own = new Map(places.filter((place) => place.region === region).map(({ name, severity }) => [name, severity]));
    checks.push(
      await checked(`${own.size} alarms in ${region}`, "none rings", async () => {
        const ringing = (await cloud.ringing(region, prefix)).flatMap((name) => {
          const severity = own.get(name);
          return severity === undefined ? [] : [{ name, severity }];
        });
        if (ringing.length === 0) return { found: "none rings", verdict: "good" };
        const paging = ringing.some(({ severity }) => severity === "P0" || severity === "P1");
        const found = ringing.map(({ name, severity }) => `${name} (${severity})`).join("\n");
        return {
          found,
          verdict: paging ? "failed" : "degraded",
          advice: "The alarm's text names its runbook; first: docs/runbooks/page.md",
        };
      }),
    );
  }
  return checks;
}
