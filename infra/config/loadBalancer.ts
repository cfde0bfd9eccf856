/** Config areas `dns` and `loadBalancer`: names, certificate and the way in. */
import { distinct, hostName, ipv4Block, matching, range } from "../../components/contract/fields.ts";
import { z } from "../../components/contract/zod.ts";

export const dns = z
  .discriminatedUnion("provider", [
    z.strictObject({
      provider: z.literal("cloudflare"),
      zone: hostName("domain whose records the stack may write").meta({ examples: ["coinestate.io"], choose: true }),
      zoneId: matching(/^[0-9a-f]{32}$/, "zone id", "Cloudflare zone id, 32 hexadecimal digits").meta({
        examples: ["0123456789abcdef0123456789abcdef"],
        choose: true,
      }),
    }),
    z.strictObject({
      provider: z.literal("route53"),
      zone: hostName("domain whose records the stack may write").meta({ examples: ["coinestate.io"], choose: true }),
      zoneId: matching(/^Z[A-Z0-9]{5,31}$/, "zone id", "Route 53 hosted zone id, Z and up to 31 letters and digits").meta({
        examples: ["Z0123456789ABCDEFGHIJ"],
        choose: true,
      }),
    }),
  ])
  .describe("where the stack's host names live")
  .meta({ examples: [{ provider: "cloudflare", zone: "coinestate.io", zoneId: "0123456789abcdef0123456789abcdef" }] });

export const loadBalancer = z
  .strictObject({
    certificate: z
      .strictObject({
        domain: hostName("main name on the certificate; a change replaces the certificate", true).meta({
          examples: ["coinestate.io"],
          choose: true,
        }),
        alternativeNames: distinct(hostName("further name on the certificate", true))
          .default([])
          .describe("further names on the certificate; a change replaces it")
          .meta({ examples: [["*.coinestate.io"]] }),
      })
      .describe("TLS certificate, validated through the stack's own DNS zone"),
    allowFrom: distinct(ipv4Block)
      .max(30)
      .describe("addresses that may connect; nobody else can; empty only where the edge lets itself in (edge.origin.lock)")
      .meta({ examples: [["0.0.0.0/0"]] }),
    idleTimeoutSeconds: range(
      1,
      4000,
      "seconds without data before a connection is closed; above the ping interval of web sockets",
    ).default(60),
    candidateHeader: z
      .string()
      .regex(/^x-[a-z0-9-]{1,38}$/, { error: "header name" })
      .default("x-canary")
      .describe("request header, beginning with x-, that reaches a colour by name at any weight, such as x-canary: green"),
    accessLogDays: range(1, 3650, "days that access logs are kept").default(90),
  })
  .describe("the public load balancer: TLS 1.2 or newer, plain HTTP answered by a redirect");
