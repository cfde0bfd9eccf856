/** What an endpoint should answer, what it answered, and what follows over several rounds. Pure. */
import type { StackConfig } from "../../infra/config/stack.ts";
import type { Answer, NoAnswer } from "./ask.ts";
import type { Check, Finding, Verdict } from "./check.ts";

/** One endpoint of `uptime.endpoints`. */
export type Endpoint = StackConfig["uptime"]["endpoints"][string];

/** Fewer days than these to a certificate's end, and somebody has to look: ACM renews 60 days before. */
const certificateDays = 14;

/** Address of an endpoint. */
export function addressOf({ host, port, path }: Pick<Endpoint, "host" | "port" | "path">): URL {
  return new URL(`https://${host}:${port}${path}`);
}

/** What a good answer is, in words. */
export function expectation({ search, slowMilliseconds, invert }: Endpoint): string {
  const text = search === undefined ? "" : `, with ${search}`;
  if (invert) return `no answer of 200 to 399${text}`;
  return `200 to 399${text}${slowMilliseconds === undefined ? "" : `, within ${slowMilliseconds} ms`}`;
}

/** Whether Route 53's checkers would call it good: a status from 200 to 399, and the text where one is wanted. */
function isGood(answer: Answer | NoAnswer, { search }: Endpoint): answer is Answer {
  if ("reason" in answer) return false;
  return answer.status >= 200 && answer.status < 400 && (search === undefined || answer.text.includes(search));
}

/** One answer against what is expected. */
export function judgeAnswer(answer: Answer | NoAnswer, endpoint: Endpoint): Finding {
  if ("reason" in answer) return { found: answer.reason, verdict: endpoint.invert ? "good" : "failed" };
  const { status, milliseconds, certificateDays: days } = answer;
  const found = `${status} in ${milliseconds} ms${days === undefined ? ", without TLS" : `, certificate ${days} days`}`;
  if (isGood(answer, endpoint) === endpoint.invert) {
    const said = answer.text.replaceAll(/\s+/g, " ").trim().slice(0, 60);
    const without = status < 400 && endpoint.search !== undefined && !endpoint.invert ? `, without the text: ${said || "empty"}` : "";
    return { found: `${found}${without}`, verdict: "failed" };
  }
  if (endpoint.invert) return { found, verdict: "good" };
  if (days !== undefined && days < certificateDays)
    return { found, verdict: "degraded", advice: "The certificate ends soon: docs/runbooks/certificate-renewal.md" };
  const slow = endpoint.slowMilliseconds !== undefined && milliseconds > endpoint.slowMilliseconds;
  return slow
    ? { found, verdict: "degraded", advice: "Slower than its bound: docs/runbooks/service-latency.md" }
    : { found, verdict: "good" };
}

/** What one endpoint answered over all rounds. */
export class EndpointRecord {
  readonly name: string;
  readonly endpoint: Endpoint;
  #asked = 0;
  #good = 0;
  #worst: number | undefined;
  #last: Finding | undefined;
  /** The finding that decides: the first failure, else the first that is degraded. */
  #worse: (Finding & { readonly at: Date }) | undefined;

  constructor(name: string, endpoint: Endpoint) {
    this.name = name;
    this.endpoint = endpoint;
  }

  /** Takes one answer in. @returns what it is worth */
  add(answer: Answer | NoAnswer, at = new Date()): Finding {
    const finding = judgeAnswer(answer, this.endpoint);
    this.#asked += 1;
    if (finding.verdict !== "failed") this.#good += 1;
    if ("milliseconds" in answer) this.#worst = Math.max(this.#worst ?? 0, answer.milliseconds);
    this.#last = finding;
    if (rank(finding.verdict) > rank(this.#worse?.verdict ?? "good")) this.#worse = { ...finding, at };
    return finding;
  }

  /** The row of the report. */
  get check(): Check {
    const { host, port, path } = this.endpoint;
    const place = `${host}${port === 443 ? "" : `:${port}`}${path}`;
    const row = { what: `endpoint ${this.name}\n${place}`, expected: expectation(this.endpoint) };
    const decides = this.#worse ?? this.#last;
    if (decides === undefined) return { ...row, found: "not asked", verdict: "not asked" };
    const advice = decides.verdict === "failed" ? "docs/runbooks/endpoint-unreachable.md" : decides.advice;
    return { ...row, found: this.#found(decides), verdict: decides.verdict, ...(advice === undefined ? {} : { advice }) };
  }

  #found({ found }: Finding): string {
    if (this.#asked === 1) return found;
    const share = `${this.#good} of ${this.#asked} good (${((100 * this.#good) / this.#asked).toFixed(1)} %)`;
    const worst = this.#worst === undefined ? "" : `, slowest ${this.#worst} ms`;
    const worse = this.#worse === undefined ? `\nlast: ${found}` : `\n${this.#worse.at.toISOString().slice(11, 19)} UTC: ${found}`;
    return `${share}${worst}${worse}`;
  }
}

function rank(verdict: Verdict): number {
  return verdict === "failed" ? 2 : verdict === "degraded" ? 1 : 0;
}
