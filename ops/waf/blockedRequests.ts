/** Requests that a firewall kept out, put together by rule, country and path. Pure. */

/** Requests that are alike. */
export interface BlockedRequests {
  /** Rule in `slipway:edge.rules`, else what the firewall calls it. */
  readonly rule: string;
  /** As config has it; undefined for a rule that config does not know. */
  readonly declared: boolean;
  /** As the firewall calls it, in lower case: `block`, `managed_challenge`. */
  readonly action: string;
  /** Two letters; `–` where the firewall does not know. */
  readonly country: string;
  /** Without what stands behind the question mark. */
  readonly path: string;
  readonly count: number;
  /** Addresses of clients, as far as they were asked for. */
  readonly clients: readonly string[];
}

/** What a firewall has kept out. */
export interface Blocked {
  readonly requests: readonly BlockedRequests[];
  /** What a reader has to know of how it was counted. */
  readonly notes: readonly string[];
}

/** Rows of a kind taken together, most requests first. */
export function together(all: readonly BlockedRequests[]): BlockedRequests[] {
  const rows = new Map<string, BlockedRequests>();
  for (const one of all) {
    const path = one.path.split("?")[0] ?? "";
    const key = [one.rule, one.action, one.country, path].join("\n");
    const before = rows.get(key);
    const clients = [...new Set([...(before?.clients ?? []), ...one.clients])];
    rows.set(key, { ...one, path, clients, count: (before?.count ?? 0) + one.count });
  }
  return [...rows.values()].sort((a, b) => b.count - a.count || a.path.localeCompare(b.path));
}

/** Requests by rule, most first. */
export function byRule(all: readonly BlockedRequests[]): { readonly rule: string; readonly declared: boolean; readonly count: number }[] {
  const rules = new Map<string, { readonly rule: string; readonly declared: boolean; readonly count: number }>();
  for (const { rule, declared, count } of all) rules.set(rule, { rule, declared, count: count + (rules.get(rule)?.count ?? 0) });
  return [...rules.values()].sort((a, b) => b.count - a.count);
}
