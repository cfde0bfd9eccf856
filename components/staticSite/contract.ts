/** What a static site is made with. */
import { longestFirstName } from "../certificate/contract.ts";
import { hostName, matching, range } from "../contract/fields.ts";
import { type BrokenRule, holds } from "../contract/rule.ts";
import { z } from "../contract/zod.ts";
import { logBucket } from "../storage/contract.ts";

/** Directives that take sources. */
export const sourceDirectives = [
  "base-uri",
  "child-src",
  "connect-src",
  "default-src",
  "font-src",
  "form-action",
  "frame-ancestors",
  "frame-src",
  "img-src",
  "manifest-src",
  "media-src",
  "object-src",
  "script-src",
  "style-src",
  "worker-src",
] as const;

const source =
  /^(?:'(?:self|none|unsafe-inline|unsafe-eval|wasm-unsafe-eval|strict-dynamic|report-sample|unsafe-hashes|sha(?:256|384|512)-[\w+/]+={0,2})'|(?:data|blob|mediastream|filesystem):|(?:(?:https|wss):\/\/)?(?:\*\.)?(?:[a-z0-9-]+\.)+[a-z]{2,}(?::\d{1,5})?(?:\/[^\s;,'"]*)?)$/i;

/** Whether a text may stand as a source: a host (`*.` in front allowed), a scheme such as `data:`, or a keyword in single quotes. */
export function isSource(text: string): boolean {
  return source.test(text);
}

const pathPattern = matching(/^\/[\w.$~"'@:+*?&/-]{1,254}$/, "path pattern", "path pattern that starts with a slash, such as /api/*");

const sources = z
  .array(
    z
      .string()
      .max(255)
      .refine(isSource, { error: "source" })
      .describe("host such as *.sentry.io, scheme such as data:, or keyword such as 'unsafe-inline' in single quotes"),
  )
  .min(1)
  .meta({ examples: [["*.sentry.io"]] });

const contentSecurityPolicy = z
  .strictObject(
    Object.fromEntries(sourceDirectives.map((directive) => [directive, sources.optional().describe(`sources for ${directive}`)])) as Record<
      (typeof sourceDirectives)[number],
      z.ZodOptional<typeof sources>
    >,
  )
  .prefault({})
  .describe("sources that the site may load from besides itself and the stack's own API hosts, which are always in connect-src")
  .meta({ examples: [{ "connect-src": ["*.sentry.io"] }] });

const origin = z
  .discriminatedUnion("kind", [
    z.strictObject({ kind: z.literal("s3-cloudfront").describe("CloudFront, from a private bucket") }),
    z.strictObject({
      kind: z.literal("external").describe("another host such as Vercel, with CloudFront as its backup"),
      host: hostName(
        "name that the host gives the site: what a CNAME leads to, and for failover the project's own name such as coinestate.vercel.app",
      ).meta({ examples: ["cname.vercel-dns.com"] }),
      serve: z
        .enum(["primary", "backup", "failover"])
        .default("primary")
        .describe(
          "who answers: primary is the host by DNS, backup is CloudFront with the bucket, failover is CloudFront that asks the host first",
        ),
    }),
  ])
  .default({ kind: "s3-cloudfront" })
  .describe("who answers the site's hosts");

/** Another origin for some paths. */
export const siteBackend = z.strictObject({
  paths: z.array(pathPattern).min(1).max(10).default(["/api/*", "/socket.io/*"]).describe("paths that the service answers, nothing cached"),
  readTimeoutSeconds: range(1, 60, "seconds that an answer may take").default(30),
});

/** A site; what its backend has besides is of other resources. */
export const staticSite = z
  .strictObject({
    hosts: z
      .array(hostName("host name of the site").meta({ examples: ["www.coinestate.io"] }))
      .min(1)
      .max(10)
      .describe("host names of the site, in the stack's DNS zone; a change of the first replaces the certificate")
      .meta({ examples: [["www.coinestate.io"]] }),
    origin,
    release: matching(
      /^[A-Za-z0-9][\w.-]{0,63}$/,
      "release",
      "build that is served: the folder releases/<release> of the bucket; going back is naming the one before",
    )
      .default("current")
      .meta({ examples: ["2026-11-21.1"] }),
    fallback: z
      .enum(["app", "pages", "none"])
      .default("app")
      .describe("what a path without a file gets: the start page (app), its folder's index.html (pages), nothing (none); never under /api"),
    notFoundPage: matching(/^\/[\w./-]{1,254}$/, "path", "page for files that are not there; not together with a backend")
      .optional()
      .meta({ examples: ["/404.html"] }),
    assetPaths: z
      .array(pathPattern)
      .max(10)
      .default(["/assets/*"])
      .describe("files whose names change with their content: kept for a year at the edge"),
    backend: siteBackend
      .loose()
      .optional()
      .describe("another origin for some paths")
      .meta({ examples: [{ paths: ["/api/*"] }] }),
    contentSecurityPolicy,
    priceClass: z
      .enum(["PriceClass_100", "PriceClass_200", "PriceClass_All"])
      .default("PriceClass_100")
      .describe("where CloudFront serves from: 100 is North America and Europe, All everywhere"),
    accessLogDays: logBucket.shape.retentionDays,
  })
  .superRefine(holds(siteRules));

interface SiteFields {
  readonly hosts: readonly string[];
  readonly backend?: object | undefined;
  readonly notFoundPage?: string | undefined;
}

function siteRules({ hosts: [first = "", ...others], backend, notFoundPage }: SiteFields): BrokenRule[] {
  const short = others.find((host) => host.length <= longestFirstName);
  const long: BrokenRule = {
    path: ["hosts", 0],
    found: `has ${first.length} characters, and is the first name of the site's certificate`,
    allowed:
      short === undefined
        ? `a first host of at most ${longestFirstName} characters`
        : `one of at most ${longestFirstName} characters first, such as ${short}`,
  };
  const path = ["notFoundPage"];
  const broken: BrokenRule = {
    path,
    found: "is set, and would replace the 404 answers of the backend too",
    allowed: "no page, or no backend",
    fix: { path },
  };
  return [...(first.length > longestFirstName ? [long] : []), ...(backend !== undefined && notFoundPage !== undefined ? [broken] : [])];
}
