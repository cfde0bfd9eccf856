/** The reader and the checker of Cloudflare's Rules language. */
import { describe, expect, test } from "vitest";
import { checkExpression } from "../../../components/edge/expression/check.ts";
import { parseExpression } from "../../../components/edge/expression/parser.ts";
import { holds } from "../../harness/edge/evaluate.ts";
import { request } from "../../harness/edge/request.ts";

const on = (plan: "free" | "pro" | "business" | "enterprise") => (text: string) =>
  checkExpression(text, { plan, entitlements: ["botManagement"] }).problems;
const enterprise = on("enterprise");

describe("what Cloudflare takes", () => {
  test.each([
    "true",
    "ssl",
    'http.host eq "a.io"',
    'http.host == "a.io" && !ssl',
    'http.host in {"a.io" "b.io"} and not ssl',
    'any(http.request.headers.names[*] == "x-a")',
    'any(lower(http.request.headers.values[*])[*] contains "b")',
    'http.request.headers["x-a"][0] eq "1"',
    'len(http.request.headers["x-a"]) gt 0',
    "ip.src in {192.0.2.0/24 2001:db8::/32 198.51.100.7}",
    "ip.src.asnum in {64496 64500..64511}",
    'lower(url_decode(http.request.uri.query)) contains "x"',
    'starts_with(http.request.uri.path, "/api/") or ends_with(http.host, ".io")',
    'http.request.uri.path matches r"^/v[0-9]+/"',
    'http.request.uri.path wildcard "/a/*"',
    'http.request.uri.path strict wildcard "/a/*"',
    "(cf.bot_management.score lt 30)",
    'http.user_agent contains "\\"quoted\\""',
    "ip.src in $office",
  ])("%s", (text) => expect(enterprise(text)).toEqual([]));
});

describe("what Cloudflare refuses", () => {
  test.each([
    [
      '(any(http.request.uri.query contains {"union select" "drop table"}))',
      "not an expression: found { where a field, a function or a constant was expected",
    ],
    ['http.host eq "a.io', "without its closing quote"],
    ['http.host eq "a.io" and', "found the end"],
    ['(http.host eq "a.io"', 'found the end where ")" was expected'],
    ["http.host in {}", "at least one value"],
    ["http.host eq 'a.io'", "is not part of the language"],
    ["http.host eq 7", "comparing a String with a Integer"],
    ['cf.bot_management.score lt "30"', "comparing a Integer with a String"],
    ["http.host lt 3", "using lt on a String"],
    ['ip.src eq "192.0.2.1"', "an address goes into in"],
    ['http.host in {"a" 7}', "looking for a Integer in String values"],
    ["http.host", "of type String, not Boolean"],
    ["not http.host", "where true or false is needed"],
    ['http.request.headers["X-A"][0] eq "1"', "has to be in lower case"],
    ['http.request.headers.names[*] == "x"', "of type Array<Boolean>"],
    ['starts_with(http.host) eq "a"', "calling starts_with() with 1 arguments instead of 2"],
    ["len(ip.src) gt 1", "giving len() a IP"],
    ['http.host["a"] eq "b"', "on a String"],
    ["http.response.code eq 200", "known only after the origin's answer"],
    ['http.host matches "(?=a)"', "look-around"],
    ['http.host matches "("', "which is no regular expression"],
    [`http.host eq "${"a".repeat(4096)}"`, "characters long; Cloudflare takes 4096"],
    [`${"not ".repeat(200)}ssl`, "levels of nesting"],
  ])("%s", (text, says) => {
    const problems = enterprise(text);
    expect(problems.length).toBeGreaterThan(0);
    expect(problems.join("; ")).toContain(says);
  });
});

describe("what only Cloudflare knows is told, and passes", () => {
  test.each([
    ['http.hostname eq "a"', "using the field http.hostname"],
    ['lowercase(http.host) eq "a"', "calling the function lowercase()"],
    ["ip.src.is_in_european_union", "using the field ip.src.is_in_european_union"],
    ["not ip.src.is_in_european_union and ssl", "using the field ip.src.is_in_european_union"],
    ["http.request.timestamp.sec gt 1700000000", "using the field http.request.timestamp.sec"],
    ["cf.edge.server_port in {80 443}", "using the field cf.edge.server_port"],
    ['any(http.request.accepted_languages[*] == "en")', "using the field http.request.accepted_languages"],
    ["cidr(ip.src, 24, 64) eq 192.0.2.0", "calling the function cidr()"],
    ["cidr6(ip.src, 64) in {2001:db8::/32}", "calling the function cidr6()"],
  ])("%s", (text, says) =>
    expect(checkExpression(text, { plan: "enterprise" })).toEqual({ problems: [], warnings: [`${says}, which Slipway does not know`] }),
  );

  test("an address is compared with an address, as Cloudflare's own reference does", () =>
    expect(checkExpression("ip.src eq 192.0.2.1 or ip.src ne 2001:db8::1", { plan: "free" })).toEqual({ problems: [], warnings: [] }));

  test.each([
    ["ip.src eq 192.0.2.0/24", "outside in {…}"],
    ["http.host eq 192.0.2.1", "outside in {…}"],
    ["cidr(ip.src, 24 eq 192.0.2.0", 'where "," was expected'],
    ["cf.edge.server_port in {80 443", "found the end"],
    ["cidr(http.host lt 3)", "using lt on a String"],
  ])("what is beside it is checked all the same: %s", (text, says) => expect(enterprise(text).join()).toContain(says));
});

describe("what a plan has", () => {
  test.each([
    ["cf.bot_management.score lt 30", "business", "enterprise"],
    ["http.request.body.size gt 1000", "business", "enterprise"],
    ['http.host matches "a"', "pro", "business"],
    ['any(http.request.cookies["a"][*] eq "1")', "free", "pro"],
  ] as const)("%s needs more than %s", (text, less, enough) => {
    expect(on(less)(text).join()).toContain("which needs the plan");
    expect(on(enough)(text)).toEqual([]);
  });
  test("a rate limit sees only the plan's fields", () =>
    expect(checkExpression('http.request.method eq "POST"', { plan: "pro", only: ["http.host"] }).problems.join()).toContain(
      "a rate limit of the plan pro cannot see",
    ));
  test("the answer is known where there is one", () =>
    expect(checkExpression("http.response.code lt 400", { plan: "free", response: true }).problems).toEqual([]));
  test("a text is asked for", () =>
    expect(checkExpression('concat("https://a.io", http.request.uri.path)', { plan: "free", result: "String" }).problems).toEqual([]));
});

describe("what it means", () => {
  const sent = request({ uri: "/a?q=1", headers: { "x-a": "1" } });
  test.each([
    ["ssl or ssl and not ssl", true],
    ["not ssl and ssl", false],
    ["not (ssl and not ssl)", true],
    ["ssl xor ssl", false],
    ['http.request.headers["x-a"][0] eq "1"', true],
    ['http.request.headers["x-b"][0] eq "1"', false],
    ['any(http.request.headers["x-b"][*] eq "1")', false],
    ["ip.src in {203.0.113.0/29}", true],
    ["ip.src in {203.0.113.0/30}", false],
    ["ip.src in {2001:db8::/32}", false],
    ['http.request.uri.path wildcard "/A*"', true],
    ['http.request.uri.path strict wildcard "/A*"', false],
    ["cf.bot_management.score in {70..90}", true],
  ])("%s is %s", (text, expected) => expect(holds(text, { request: sent })).toBe(expected));

  test("and binds tighter than xor, xor tighter than or", () =>
    expect(parseExpression("ssl or ssl xor ssl and ssl")).toMatchObject({ kind: "or", right: { kind: "xor", right: { kind: "and" } } }));
});

test("C10 a set of addresses has ranges, of either family, and no range of two", () => {
  expect(enterprise("ip.src in {192.0.2.0..192.0.2.9 198.51.100.7 2001:db8::1..2001:db8::9}")).toEqual([]);
  expect(enterprise("http.host in {192.0.2.0..192.0.2.9}").join()).toContain("looking for a IP in String values");
  expect(enterprise("ip.src in {192.0.2.0..2001:db8::9}").join()).toContain("an address of the same kind");
  expect(enterprise("ip.src in {192.0.2.0/24..192.0.2.9}").join()).toContain("an address of the same kind");
});

test("C17 what Cloudflare refuses in a filter is refused, and named groups of its regular expressions are none of it", () => {
  expect(enterprise('regex_replace(http.host, "a", "b") eq "b"').join()).toContain("only where a text is rewritten");
  expect(enterprise('starts_with("/a", http.request.uri.path)').join()).toContain("a constant where it takes a field");
  expect(enterprise('ends_with("/a", http.request.uri.path)').join()).toContain("a constant where it takes a field");
  expect(enterprise("len(http.request.headers) gt 1").join()).toContain("giving len() a Map");
  expect(enterprise('http.host matches "(?P<name>a)"')).toEqual([]);
});
