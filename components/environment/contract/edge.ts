/** Config area `edge`: what stands between the internet and the load balancer. */
import { distinct, flag, group, hostName, logRetentionDays } from "../../contract/fields.ts";
import { holds } from "../../contract/rule.ts";
import { z } from "../../contract/zod.ts";
import { lockRules, originLock, webAcl, zone } from "../../edge/contract.ts";

const records = flag(
  true,
  "write a DNS record in the zone for every host of every service; false where somebody else makes them; hosts of sites have theirs always",
);

const origin = originLock
  .extend({
    lock: z.boolean().default(true).describe("let nobody but Cloudflare reach the load balancer: by address, and by a secret header"),
    healthChecks: flag(
      false,
      "let Route 53's health checkers ask origin-<region code>.<certificate's domain>/origin-health past Cloudflare",
    ).meta({ examples: [true] }),
  })
  .superRefine(holds((origin) => (origin.lock ? lockRules(origin) : [])))
  .prefault({})
  .describe("the way from Cloudflare to the load balancer");

export const edge = z
  .discriminatedUnion("provider", [
    group("nothing but records: no rules, no price", { provider: z.literal("none"), records }),
    zone
      .omit({ zoneId: true, hosts: true })
      .extend({
        provider: z.literal("cloudflare"),
        zoneRules: flag(true, "this stack declares the zone's settings and rules; one stack alone can, the others of the zone say false"),
        records,
        certificateNames: distinct(hostName("name on a certificate; *. in front takes every name one level below", true))
          .default([])
          .describe(
            "names on certificates that the zone has at Cloudflare beside the universal one, which covers the zone and one level below it",
          )
          .meta({ examples: [["*.staging.coinestate.io"]] }),
        origin,
      })
      .describe("Cloudflare before the load balancer"),
    webAcl
      .safeExtend({
        provider: z.literal("awsWaf"),
        records,
        logDays: logRetentionDays,
      })
      .describe("AWS WAF on the load balancer"),
  ])
  .default({ provider: "none", records: true })
  .describe("what stands before the load balancer: DNS records, rules, headers, caching")
  .meta({ examples: [{ provider: "awsWaf" }] });
