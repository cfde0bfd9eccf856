/** What a rule of the edge is made with: conditions, and what is done with the requests that meet them. */
import { cidrBlock, group, hostName, keyName, mapByName, range } from "../contract/fields.ts";
import { z } from "../contract/zod.ts";
import { countries } from "./countries.ts";

/** Last place of a rule. */
export const lastPriority = 999;

/** Name of a rule. */
export const ruleName = keyName(40, "rule name");

const text = z.string().min(2).max(200);

// Paths and headers are compared as they are sent, and are sent in ASCII without spaces.
const headerText = text.regex(/^[ -~]+$/, { error: "text in ASCII" }).describe("text in ASCII, as headers are");

const pathGlob = z
  .string()
  .max(200)
  .regex(/^[!-~]*$/, { error: "path as it is sent" })
  .describe("path as it is sent (/a%20b), case ignored, with * at the start or the end only: /a, /api/*, *.php, */.git*")
  .meta({ examples: ["/api/*"] });

const method = z.enum(["GET", "HEAD", "POST", "PUT", "PATCH", "DELETE", "OPTIONS", "CONNECT", "TRACE"]);

/** Values of which one is enough. @default the property is not looked at */
const anyOf = <T extends z.ZodType>(value: T, description: string, example: readonly unknown[]) =>
  z
    .array(value)
    .optional()
    .describe(description)
    .meta({ examples: [example] });

/** Requests, matched by their properties: all terms must hold, one value of a list is enough. */
export const condition = group("requests, matched by their properties: all terms must hold, one value of a list is enough", {
  hosts: anyOf(hostName("host name", true), "host names", ["api.coinestate.io"]),
  paths: anyOf(pathGlob, "paths, case ignored", ["/api/*"]),
  methods: anyOf(method, "request methods", ["POST"]),
  methodsExcept: anyOf(method, "every request method but these", ["GET", "HEAD", "POST"]),
  queryContains: anyOf(text, "texts in the query, decoded, case ignored", ["union select"]),
  userAgentContains: anyOf(headerText, "texts in the user agent, case ignored", ["sqlmap"]),
  headersPresent: anyOf(
    z.string().regex(/^[a-z][a-z0-9-]{1,39}$/, { error: "header name" }),
    "request headers that are there, whatever their value, in lower case",
    ["x-canary"],
  ),
  bodyAboveBytes: range(1, 500_000_000, "bytes that the announced body is larger than")
    .optional()
    .meta({ examples: [104_857_600] }),
  addresses: anyOf(cidrBlock, "address blocks of the client", ["203.0.113.0/24"]),
  countries: anyOf(
    z.string().refine((code) => countries.has(code), { error: "country" }),
    "countries of the client, two capital letters each",
    ["KP"],
  ),
  botScoreBelow: range(2, 99, "bot score that the client is below; 1 is surely automated, 99 surely a person")
    .optional()
    .meta({ examples: [30] }),
});

/** Place among others. */
export const place = (what: string) => range(1, lastPriority, what).meta({ examples: [10] });
const priority = place("place among the rules of its kind, lower first");

const mode = z
  .enum(["block", "log", "challenge", "off"])
  .default("block")
  .describe("refuse the requests, only record them, let browsers prove themselves, or do nothing");

const unless = condition.optional().describe("requests that the rule lets alone");

/** One rule of the edge. */
export const edgeRule = z.discriminatedUnion("type", [
  z.strictObject({ type: z.literal("match"), priority, mode, when: condition, unless }).describe("acts on single requests"),
  group("acts on single requests, matched in Cloudflare's own language", {
    type: z.literal("expression"),
    priority,
    mode,
    expression: z
      .string()
      .min(1)
      .describe("expression in Cloudflare's Rules language, checked here")
      .meta({ examples: ['http.request.uri.path contains "/."'] }),
  }),
  group("acts on a client that sends too much, counted by address", {
    type: z.literal("rate"),
    priority,
    mode,
    when: condition.default({}).describe("requests that count; all when empty"),
    unless,
    requests: range(1, 1_000_000, "requests of one client that are let through in a period").meta({ examples: [100] }),
    periodSeconds: range(10, 65_535, "seconds over which requests are counted").default(60),
    blockSeconds: range(0, 86_400, "seconds for which a client is kept out (at AWS WAF until its rate falls)").default(60),
  }),
  group("runs a rule set kept by the edge's owner", {
    type: z.literal("managed"),
    priority,
    mode,
    set: z
      .enum(["common", "owasp", "sqlInjection", "knownBadInputs", "ipReputation"])
      .describe("rule set kept by the edge's owner")
      .meta({ examples: ["common"] }),
  }),
]);

/** Rules by name, which is a rule's identity at the edge: renaming makes another rule. */
export const edgeRules = mapByName(
  "rules by name: rate limits, refused requests, managed rule sets; a rule goes from log to block by its mode alone",
  ruleName,
  edgeRule,
  { "api-rate": { type: "rate", priority: 10, when: { paths: ["/api/*"] }, requests: 100 } },
);
