/** A zone's rules at work: the verdict on a request, what the origin gets, and the headers of the answer. */
import type { Phase, ZoneRule } from "../../../components/edge/cloudflare/phases.ts";
import { RateCounters } from "./counters.ts";
import { holds, type Situation, valueFor } from "./evaluate.ts";
import type { EdgeRequest } from "./request.ts";

export interface Verdict {
  /** What became of the request. */
  readonly outcome: "pass" | "block" | "challenge" | "redirect";
  /** Rule that decided; empty when none did. */
  readonly rule: string;
  /** Rules that only recorded it. */
  readonly logged: readonly string[];
  /** Where a redirect leads. */
  readonly location?: string;
}

type Headers = Readonly<Record<string, { readonly operation: string; readonly value: string }>>;

export class CloudflareEdge {
  readonly #phases: ReadonlyMap<Phase, readonly ZoneRule[]>;
  readonly #counters = new RateCounters();

  constructor(phases: ReadonlyMap<Phase, readonly ZoneRule[]>) {
    this.#phases = phases;
  }

  /** @param seconds when the request arrives */
  decide(request: EdgeRequest, seconds = 0): Verdict {
    const logged: string[] = [];
    const situation: Situation = { request };
    for (const rule of this.#matching("http_request_dynamic_redirect", situation)) {
      const { fromValue } = rule.actionParameters as { fromValue: { targetUrl: { expression: string } } };
      return { outcome: "redirect", rule: rule.ref, logged, location: String(valueFor(fromValue.targetUrl.expression, situation)) };
    }
    for (const phase of ["http_request_firewall_custom", "http_ratelimit"] as const) {
      for (const rule of this.#matching(phase, situation)) {
        if (rule.ratelimit !== undefined) {
          const { period, requestsPerPeriod, mitigationTimeout } = rule.ratelimit;
          const limit = { periodSeconds: period, requests: requestsPerPeriod, blockSeconds: mitigationTimeout };
          if (!this.#counters.over(rule.ref, request.address, limit, seconds)) continue;
        }
        if (rule.action === "log") logged.push(rule.ref);
        else return { outcome: rule.action === "block" ? "block" : "challenge", rule: rule.ref, logged };
      }
    }
    return { outcome: "pass", rule: "", logged };
  }

  /** Headers as the origin gets them. */
  toOrigin(request: EdgeRequest): Record<string, string> {
    return this.#rewritten("http_request_late_transform", { request }, request.headers);
  }

  /** Headers of the answer as the client gets them. */
  toClient(request: EdgeRequest, responseCode: number, headers: Readonly<Record<string, string>>): Record<string, string> {
    return this.#rewritten("http_response_headers_transform", { request, responseCode }, headers);
  }

  /** Seconds that the edge keeps a good answer; 0 is not at all. Of several rules the last holds. */
  keptSeconds(request: EdgeRequest): number {
    let seconds = 0;
    for (const { actionParameters } of this.#matching("http_request_cache_settings", { request })) {
      const { cache, edgeTtl } = actionParameters as { cache: boolean; edgeTtl?: { default: number } };
      seconds = cache ? (edgeTtl?.default ?? 0) : 0;
    }
    return seconds;
  }

  #matching(phase: Phase, situation: Situation): ZoneRule[] {
    return (this.#phases.get(phase) ?? []).filter((rule) => rule.enabled && holds(rule.expression, situation));
  }

  #rewritten(phase: Phase, situation: Situation, headers: Readonly<Record<string, string>>): Record<string, string> {
    const result = Object.fromEntries(Object.entries(headers).map(([name, value]) => [name.toLowerCase(), value]));
    for (const { actionParameters } of this.#matching(phase, situation)) {
      for (const [name, { operation, value }] of Object.entries((actionParameters as { headers: Headers }).headers)) {
        if (operation !== "set") throw new Error(`the harness does not know the header operation ${operation}`);
        result[name.toLowerCase()] = value;
      }
    }
    return result;
  }
}
