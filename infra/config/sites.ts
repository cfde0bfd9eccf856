/** Config area `sites`: static frontends, their hosts and what answers them. */

import { hostName, keyName, matching, range } from "../../components/contract/fields.ts";
import { z } from "../../components/contract/zod.ts";
import { isSource, sourceDirectives } from "../../components/staticSite/contentSecurityPolicy.ts";

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

const site = z
  .strictObject({
    hosts: z
      .array(hostName("host name of the site").meta({ examples: ["www.coinestate.io"] }))
      .min(1)
      .max(10)
      .describe("host names of the site, in the stack's DNS zone; a change of the first replaces the certificate")
      .meta({ examples: [["www.coinestate.io"]] }),
    origin,
    release: z
      .string()
      .regex(/^[A-Za-z0-9][\w.-]{0,63}$/, { error: "release" })
      .default("current")
      .describe("build that is served: the folder releases/<release> of the bucket; going back is naming the one before")
      .meta({ examples: ["2026-11-21.1"] }),
    fallback: z
      .enum(["app", "pages", "none"])
      .default("app")
      .describe("what a path without a file gets: the start page (app), its folder's index.html (pages), nothing (none); never under /api"),
    notFoundPage: z
      .string()
      .regex(/^\/[\w./-]{1,254}$/, { error: "path" })
      .optional()
      .describe("page for files that are not there; not together with a backend")
      .meta({ examples: ["/404.html"] }),
    assetPaths: z
      .array(pathPattern)
      .max(10)
      .default(["/assets/*"])
      .describe("files whose names change with their content: kept for a year at the edge"),
    backend: z
      .strictObject({
        service: z
          .string()
          .describe("service that answers, one of services")
          .meta({ examples: ["api"] }),
        paths: z
          .array(pathPattern)
          .min(1)
          .max(10)
          .default(["/api/*", "/socket.io/*"])
          .describe("paths that the service answers, nothing cached"),
        readTimeoutSeconds: range(1, 60, "seconds that an answer may take").default(30),
      })
      .optional()
      .describe("paths of the site that a service of the stack answers")
      .meta({ examples: [{ service: "api" }] }),
    contentSecurityPolicy,
    priceClass: z
      .enum(["PriceClass_100", "PriceClass_200", "PriceClass_All"])
      .default("PriceClass_100")
      .describe("where CloudFront serves from: 100 is North America and Europe, All everywhere"),
    accessLogDays: range(1, 3650, "days that access logs are kept").default(90),
    proxied: z.boolean().default(false).describe("send requests through Cloudflare's network; only with a Cloudflare zone"),
  })
  .describe("one static site");

export const sites = z
  .record(keyName(20, "site name"), site)
  .default({})
  .describe("static frontends by name: private files behind CloudFront, alone or as the backup of an external host")
  .meta({ examples: [{ app: { hosts: ["www.coinestate.io"] } }] });
