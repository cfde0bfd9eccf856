/** Quotas of the account that the stack takes most of, or more than there is. */
import { type Need, quotaNeeds, quotaOf } from "../doctor/quotas.ts";
import type { AskedWithState } from "./asked.ts";

/** One quota near its end. */
export interface QuotaStatus extends Pick<Need, "region" | "service" | "code" | "what" | "needed"> {
  readonly allowed: number;
}

/** Part of a quota from which on it is told. */
const near = 0.8;

/** Asks Service Quotas for what the stack takes at most, where all of it scales to its maximum. Other stacks of the account are not counted. */
export async function tightQuotas({ stack: { config }, aws }: AskedWithState): Promise<QuotaStatus[]> {
  const found = await Promise.all(quotaNeeds(config).map(async (need) => ({ ...need, allowed: await quotaOf(aws, need) })));
  return found.filter(({ needed, allowed }) => needed > 1 && needed >= near * allowed);
}
