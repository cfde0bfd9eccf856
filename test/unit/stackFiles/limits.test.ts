/** What AWS refuses is refused in the config, with key, value and what is allowed. The source of each limit stands beside its contract. */
import { expect, it } from "vitest";
import { type Edits, errorOf, rawConfig } from "../../harness/config.ts";

/** What a person reads, on one line. */
const said = (edits: Edits) => errorOf(rawConfig("bench/production", edits)).replaceAll(/\s+/g, " ");

it("case 13 a certificate's first name above 64 characters is refused; further names may have 253", () => {
  const long = "payments-and-settlements.european-customers.staging-environment.coinestate.io";
  expect(said({ "loadBalancer.certificate.domain": long })).toContain("at most 64 characters");
  expect(said({ "loadBalancer.certificate.alternativeNames": ["*.coinestate.io", long] })).toBe("");
});

it("case 14a tags that one of the services refuses are refused, with the character", () => {
  expect(said({ tags: { Team: "Payments & platform (EU)" } })).toContain('slipway:tags.Team is "Payments & platform (EU)"');
  for (const key of ["AWS:x", "aws:x", "Aws:cost"]) expect(said({ tags: { [key]: "1" } })).toContain("is not a good name");
  expect(said({ tags: { Équipe: "Zahlungen: A/B + C=D @x_y.z-1" } })).toBe("");
});

it.each([
  ["a matcher of two ranges", "healthCheck.matcher", "200-299-300"],
  ["a matcher that falls", "healthCheck.matcher", "399-200"],
  ["eight wildcards in a rule", "route.paths", ["/*/*/*/*/*/*/*/*"]],
  ["a user above 31 bits", "user", "9999999999"],
  ["a writable system folder", "writablePaths", ["/proc"]],
  ["a writable path that leaves its folder", "writablePaths", ["/tmp/../etc"]],
  ["an environment above 64 KB", "environment", Object.fromEntries(Array.from({ length: 70 }, (_, n) => [`V${n}`, "x".repeat(1000)]))],
  ["credentials beside the task's role", "environment", { AWS_ACCESS_KEY_ID: "x" }],
] as const)("case 47 %s is refused", (_, field, value) => {
  expect(said({ [`services.api.${field}`]: value })).toContain(`slipway:services.api.${field}`);
});

it("case 47 a header that proxies write is no candidate header", () => {
  expect(said({ "loadBalancer.candidateHeader": "x-forwarded-for" })).toContain("slipway:loadBalancer.candidateHeader");
});

it("case 47 a budget tells each address once", () => {
  expect(said({ "budget.monthly": { usd: 100, emails: ["a@shop.example", "a@shop.example"] } })).toContain("given before");
});

it("case 47 countries that do not exist are refused", () => {
  const rule = (country: string) => ({ rules: { abroad: { type: "match", priority: 10, when: { countries: [country] } } } });
  expect(said({ edge: { provider: "awsWaf", ...rule("KP") } })).toBe("");
  expect(said({ edge: { provider: "awsWaf", ...rule("ZZ") } })).toContain('"ZZ"');
  expect(said({ edge: { provider: "awsWaf", ...rule("XX") } })).toContain('"XX"');
});

it("case 47 a log filter that CloudWatch cannot read is refused", () => {
  const filter = (text: string) => said({ "logs.patterns.broken": { filter: text } });
  for (const broken of ["{ $.status = ", "[ip, user", '"ECONN', "%\\d{3"])
    expect(filter(broken)).toContain("slipway:logs.patterns.broken.filter");
  for (const good of ["{ $.status >= 500 }", "[ip, user, status = 5*]", '"a \\" b" ?c -d', "%5\\d\\d%"]) expect(filter(good)).toBe("");
});
