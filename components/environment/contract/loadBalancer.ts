/** Config areas `dns` and `loadBalancer`: names, certificate and the way in. */

import { certificate } from "../../certificate/contract.ts";
import { group } from "../../contract/fields.ts";
import { dnsZone } from "../../dns/contract.ts";
import { loadBalancer as balancer, candidateHeader, candidateSecret } from "../../loadBalancer/contract.ts";
import { logBucket } from "../../storage/contract.ts";

export const dns = dnsZone
  .describe("where the stack's host names live")
  .meta({ examples: [{ provider: "cloudflare", zone: "coinestate.io", zoneId: "0123456789abcdef0123456789abcdef" }] });

// A stack's protection decides on this one.
const { deletionProtection: _, ...fields } = balancer.shape;

export const loadBalancer = group("the public load balancer: TLS 1.2 or newer, plain HTTP answered by a redirect", {
  certificate: certificate.omit({ zone: true }).describe("TLS certificate, validated through the stack's own DNS zone"),
  ...fields,
  candidateHeader,
  ...candidateSecret.shape,
  accessLogDays: logBucket.shape.retentionDays,
});
