/** What `--deep` looks at besides: what somebody made or deleted by hand, which no preview sees, and quotas near their end. */
import type { AskedWithState } from "./asked.ts";
import { type Foreign, foreignPatience } from "./foreign.ts";
import { foreignPolicies } from "./foreignPolicies.ts";
import { type QuotaStatus, tightQuotas } from "./quotas.ts";
import { from, type Reading } from "./reading.ts";
import { strayRecords } from "./zoneRecords.ts";

/** What a deep look finds. */
export interface Deep extends Pick<Foreign, "records" | "policies"> {
  /** Quotas that the stack takes most of. */
  readonly quotas: Reading<readonly QuotaStatus[]>;
}

/** Looks at all of it side by side. */
export async function deepOf(asked: Promise<Reading<AskedWithState>>): Promise<Deep> {
  const [records, policies, quotas] = await Promise.all([
    from(asked, strayRecords, foreignPatience),
    from(asked, foreignPolicies, foreignPatience),
    from(asked, tightQuotas, foreignPatience),
  ]);
  return { records, policies, quotas };
}
