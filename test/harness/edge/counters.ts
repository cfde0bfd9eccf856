/** Counts of requests by rule and client, over a sliding window. */

export interface RateLimit {
  readonly periodSeconds: number;
  /** Requests that are let through in a period. */
  readonly requests: number;
  readonly blockSeconds: number;
}

export class RateCounters {
  readonly #seen = new Map<string, number[]>();
  readonly #until = new Map<string, number>();

  /** Counts a request. @returns whether the client is over the limit, or still kept out */
  over(rule: string, client: string, limit: RateLimit, now: number): boolean {
    const key = `${rule} ${client}`;
    if (now < (this.#until.get(key) ?? 0)) return true;
    const recent = [...(this.#seen.get(key) ?? []), now].filter((time) => time > now - limit.periodSeconds);
    this.#seen.set(key, recent);
    if (recent.length <= limit.requests) return false;
    this.#until.set(key, now + limit.blockSeconds);
    return true;
  }
}
