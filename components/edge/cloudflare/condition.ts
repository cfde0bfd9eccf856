/** Conditions in Cloudflare's Rules language. */
import { quote } from "../expression/tokens.ts";
import { type Condition, decimalAbove, pathPattern, termsOf } from "../rule.ts";

type Term = keyof Condition;

const path = "lower(http.request.uri.path)";
/** Clients may send it in any case; Cloudflare's own examples compare it so. */
const host = "lower(http.host)";

/** How one term is written. Each gives an expression that stands by itself inside `and` and `not`. */
const writers: { readonly [T in Term]-?: (value: NonNullable<Condition[T]>) => string } = {
  hosts: (hosts) =>
    either([
      ...equal(
        host,
        hosts.filter((name) => !name.startsWith("*.")),
      ),
      ...below(hosts),
    ]),
  paths: (patterns) => either(pathTerms(patterns)),
  methods: (methods) => either(equal("http.request.method", methods)),
  methodsExcept: (methods) => `not ${either(equal("http.request.method", methods))}`,
  queryContains: (texts) => either(contains("lower(url_decode(http.request.uri.query))", texts)),
  userAgentContains: (texts) => either(contains("lower(http.user_agent)", texts)),
  headersPresent: (names) =>
    `any(http.request.headers.names[*] in {${sorted(names.map((name) => name.toLowerCase()))
      .map(quote)
      .join(" ")}})`,
  bodyAboveBytes: (bytes) => `any(http.request.headers["content-length"][*] matches r"${decimalAbove(bytes)}")`,
  addresses: (blocks) => `ip.src in {${sorted(blocks).join(" ")}}`,
  countries: (codes) => either(equal("ip.src.country", codes)),
  // 0 is "not computed"; search engines and static files are not what a bot rule is for.
  botScoreBelow: (score) =>
    `(cf.bot_management.score lt ${score} and cf.bot_management.score gt 0 and not cf.bot_management.verified_bot and not cf.bot_management.static_resource)`,
};

/** Order of the terms in the text: cheap and narrow ones first. */
const order: readonly Term[] = [
  ...(["hosts", "paths", "methods", "methodsExcept", "addresses", "countries"] as const),
  ...(["headersPresent", "botScoreBelow", "queryContains", "userAgentContains", "bodyAboveBytes"] as const),
];

/** The expression of a condition; `true` as Cloudflare writes it when nothing is asked for. */
export function conditionExpression(when: Condition, unless?: Condition): string {
  const parts = written(when);
  const spared = written(unless ?? {});
  if (spared.length > 0)
    parts.push(spared.length === 1 && !/^not |^\(/.test(spared[0] ?? "") ? `not ${spared[0]}` : `not (${spared.join(" and ")})`);
  return parts.length === 0 ? "true" : parts.join(" and ");
}

function written(condition: Condition): string[] {
  const terms = new Set(termsOf(condition));
  return order.filter((term) => terms.has(term)).map((term) => write(term, condition));
}

function write(term: Term, condition: Condition): string {
  const writer = writers[term] as (value: Condition[Term]) => string; // each writer takes its own term's value
  return writer(condition[term]);
}

function pathTerms(patterns: readonly string[]): string[] {
  const read = sorted(patterns).map(pathPattern);
  const at = (place: ReturnType<typeof pathPattern>["at"]) => read.filter((pattern) => pattern.at === place).map(({ text }) => text);
  return [
    ...equal(path, at("whole")),
    ...at("start").map((text) => `starts_with(${path}, ${quote(text)})`),
    ...at("end").map((text) => `ends_with(${path}, ${quote(text)})`),
    ...contains(path, at("anywhere")),
  ];
}

function below(hosts: readonly string[]): string[] {
  return sorted(hosts.filter((name) => name.startsWith("*."))).map((name) => `ends_with(${host}, ${quote(name.slice(1))})`);
}

function equal(field: string, values: readonly string[]): string[] {
  if (values.length === 0) return [];
  const [only] = values;
  return values.length === 1 && only !== undefined
    ? [`${field} eq ${quote(only)}`]
    : [`${field} in {${sorted(values).map(quote).join(" ")}}`];
}

function contains(field: string, texts: readonly string[]): string[] {
  return sorted(texts).map((text) => `${field} contains ${quote(text.toLowerCase())}`);
}

function either(terms: readonly string[]): string {
  const any = terms.join(" or ");
  return terms.length === 1 ? any : `(${any})`;
}

/** Lists mean the same in any order, so the text has only one. */
function sorted(values: readonly string[]): string[] {
  return [...new Set(values)].sort();
}
