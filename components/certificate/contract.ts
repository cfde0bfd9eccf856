/** What a TLS certificate is made with. */
import { distinct, hostName } from "../contract/fields.ts";
import { z } from "../contract/zod.ts";
import { dnsZone } from "../dns/contract.ts";

/** Longest first name of a certificate: ACM takes it as the common name. Further ones may be as long as any host name. */
export const longestFirstName = 64;

export const certificate = z.strictObject({
  domain: hostName(
    "main name on the certificate, at most 64 characters; longer ones are alternativeNames; a change replaces the certificate",
    true,
  )
    .max(longestFirstName)
    .meta({
      examples: ["coinestate.io"],
      choose: true,
    }),
  alternativeNames: distinct(hostName("further name on the certificate", true))
    .default([])
    .describe("further names on the certificate; a change replaces it")
    .meta({ examples: [["*.coinestate.io"]] }),
  zone: dnsZone.describe("zone in which the validation records are written"),
});
