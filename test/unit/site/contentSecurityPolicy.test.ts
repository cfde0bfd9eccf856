/** The policy that browsers get with a site. */

import { describe, expect, test } from "vitest";
import { contractProblems } from "../../../components/contract/accepted.ts";
import { contentSecurityPolicy, longestPolicy, policyLengthProblems } from "../../../components/staticSite/contentSecurityPolicy.ts";
import { isSource, staticSite } from "../../../components/staticSite/contract.ts";
import { apiHosts } from "../../../infra/sites.ts";
import { fc } from "../../harness/campaign.ts";
import { configOf } from "../../harness/config.ts";

/** Everything wrong with a policy's parts, and with what they come to. */
const problemsOf = (args: Parameters<typeof policyLengthProblems>[0]) => [
  ...contractProblems(staticSite, { hosts: ["www.example.org"], contentSecurityPolicy: args.sources }),
  ...policyLengthProblems(args),
];

/** Sources by directive. */
const parsed = (text: string) =>
  Object.fromEntries(text.split("; ").map((part): [string, string[]] => [part.split(" ")[0]!, part.split(" ").slice(1)]));

describe("by itself", () => {
  const policy = parsed(contentSecurityPolicy({}));

  test("everything comes from the site, nothing is framed, no plug-in runs", () => {
    expect(policy["default-src"]).toEqual(["'self'"]);
    expect(policy["script-src"]).toEqual(["'self'"]);
    expect(policy["frame-ancestors"]).toEqual(["'none'"]);
    expect(policy["object-src"]).toEqual(["'none'"]);
    expect(policy["base-uri"]).toEqual(["'self'"]);
    expect(policy).toHaveProperty("upgrade-insecure-requests");
  });

  test("nothing is inline and nothing is open", () => {
    for (const sources of Object.values(policy)) expect(sources).not.toContain("'unsafe-inline'");
    for (const sources of Object.values(policy)) expect(sources).not.toContain("*");
  });
});

test("the stack's own API hosts are reached over HTTPS and web sockets (CDN-08)", () => {
  const hosts = apiHosts(configOf("bench/production"));
  expect(hosts).toEqual(["api.coinestate.io", "app.coinestate.io"]);
  expect(parsed(contentSecurityPolicy({ apiHosts: hosts }))["connect-src"]).toEqual([
    "'self'",
    "https://api.coinestate.io",
    "https://app.coinestate.io",
    "wss://api.coinestate.io",
    "wss://app.coinestate.io",
  ]);
});

test("DeedPro's policy can be written, with the API's real host in place of the wrong one (CDN-07)", () => {
  const google = ["*.googletagmanager.com", "*.google-analytics.com"];
  const args = {
    apiHosts: ["api.deedpro.example"],
    sources: {
      "script-src": ["'unsafe-eval'", "'unsafe-inline'", ...google],
      "style-src": ["'unsafe-inline'", "fonts.googleapis.com"],
      "font-src": ["fonts.gstatic.com"],
      "img-src": google,
      "connect-src": ["*.sentry.io", "*.google-analytics.com"],
    },
  };
  expect(problemsOf(args)).toEqual([]);
  const policy = parsed(contentSecurityPolicy(args));
  expect(policy["script-src"]).toEqual(["'self'", "'unsafe-eval'", "'unsafe-inline'", "*.google-analytics.com", "*.googletagmanager.com"]);
  expect(policy["img-src"]).toContain("data:");
  expect(policy["connect-src"]).toEqual([
    "'self'",
    "*.google-analytics.com",
    "*.sentry.io",
    "https://api.deedpro.example",
    "wss://api.deedpro.example",
  ]);
});

test("a named source takes the place of 'none', and a named 'none' closes", () => {
  expect(parsed(contentSecurityPolicy({ sources: { "frame-ancestors": ["https://partner.example.org"] } }))["frame-ancestors"]).toEqual([
    "https://partner.example.org",
  ]);
  expect(parsed(contentSecurityPolicy({ sources: { "img-src": ["'none'"] } }))["img-src"]).toEqual(["'none'"]);
});

test.each([
  "*",
  "http://a.example.org",
  "https:",
  "unsafe-inline",
  "a.example.org; script-src *",
  "a.example.org,b.example.org",
  "a b",
  "'nonce-abc'",
  "",
])("%j is no source", (text) => {
  expect(isSource(text)).toBe(false);
  expect(problemsOf({ sources: { "script-src": [text] } })).toHaveLength(1);
});

test("a policy that is longer than a header may be is refused with both lengths", () => {
  const many = Array.from({ length: 80 }, (_, index) => `https://host-number-${index}.example.org`);
  const [problem] = problemsOf({ sources: { "img-src": many } });
  expect(problem?.reason).toMatch(new RegExp(`is \\d{4} characters long; CloudFront takes ${longestPolicy}`));
});

test("order and repetition of the parts change nothing; no part can add a directive", () => {
  const host = fc.stringMatching(/^[a-z]{1,8}\.example\.org$/);
  fc.assert(
    fc.property(fc.array(host, { maxLength: 6 }), fc.array(host, { minLength: 1, maxLength: 6 }), (apis, sources) => {
      const text = contentSecurityPolicy({ apiHosts: apis, sources: { "img-src": sources } });
      const again = contentSecurityPolicy({ apiHosts: [...apis, ...apis].reverse(), sources: { "img-src": [...sources].reverse() } });
      expect(again).toBe(text);
      expect(text.split("; ")).toHaveLength(contentSecurityPolicy({}).split("; ").length);
    }),
  );
});
