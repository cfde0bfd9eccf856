/** What `--deep` looks at besides: what somebody made or deleted by hand, which no preview sees, and quotas near their end. */
import type { AskedWithState } from "./asked.ts";
import { type ForeignPolicy, foreignPolicies } from "./foreignPolicies.ts";
import { type QuotaStatus, tightQuotas } from "./quotas.ts";
import { from, patience, type Reading } from "./reading.ts";
import { type RecordStatus, strayRecords } from "./zoneRecords.ts";

/** What a deep look finds. */
export interface Deep {
  /** Records of the stack's names that are gone, or that its state does not hold. */
  readonly records: Reading<readonly RecordStatus[]>;
  /** Policies on the stack's roles that its state does not hold. */
  readonly policies: Reading<readonly ForeignPolicy[]>;
  /** Quotas that the stack takes most of. */
  readonly quotas: Reading<readonly QuotaStatus[]>;
}

/** How much longer than others these looks may take: a stack has dozens of roles. */
const milliseconds = 4 * patience.look;

/** Looks at all of it side by side. */
export async function deepOf(asked: Promise<Reading<AskedWithState>>): Promise<Deep> {
  const [records, policies, quotas] = await Promise.all([
    from(asked, strayRecords, milliseconds),
    from(asked, foreignPolicies, milliseconds),
    from(asked, tightQuotas, milliseconds),
  ]);
  return { records, policies, quotas };
}
