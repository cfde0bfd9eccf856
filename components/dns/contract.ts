/** The DNS zone that records are written in. */
import { hostName, matching } from "../contract/fields.ts";
import { z } from "../contract/zod.ts";

const zone = hostName("domain whose records the stack may write").meta({ examples: ["coinestate.io"], choose: true });

export const dnsZone = z.discriminatedUnion("provider", [
  z.strictObject({
    provider: z.literal("cloudflare"),
    zone,
    zoneId: matching(/^[0-9a-f]{32}$/, "zone id", "Cloudflare zone id, 32 hexadecimal digits").meta({
      examples: ["0123456789abcdef0123456789abcdef"],
      choose: true,
    }),
  }),
  z.strictObject({
    provider: z.literal("route53"),
    zone,
    zoneId: matching(/^Z[A-Z0-9]{5,31}$/, "zone id", "Route 53 hosted zone id, Z and up to 31 letters and digits").meta({
      examples: ["Z0123456789ABCDEFGHIJ"],
      choose: true,
    }),
  }),
]);
