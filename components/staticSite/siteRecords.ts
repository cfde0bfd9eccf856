/** DNS records that lead a site's hosts to what serves it. */
import { Record as Route53Record } from "@pulumi/aws/route53/record.js";
import { DnsRecord } from "@pulumi/cloudflare/dnsRecord.js";
import type { ComponentResourceOptions, Input } from "@pulumi/pulumi";
import { Component } from "../component.ts";

/** DNS zone of the hosts. */
export type SiteZone =
  | {
      readonly provider: "cloudflare";
      readonly zoneId: string;
      /** Send requests through Cloudflare's network. */
      readonly proxied: boolean;
    }
  | { readonly provider: "route53"; readonly zoneId: string };

/** What the hosts lead to. */
export type SiteTarget =
  | { readonly kind: "distribution"; readonly domainName: Input<string>; readonly hostedZoneId: Input<string> }
  | { readonly kind: "host"; readonly host: string };

/** Arguments of `SiteRecords`. */
export interface SiteRecordsArgs {
  /** Host names of the site. */
  readonly hosts: readonly string[];
  readonly zone: SiteZone;
  readonly target: SiteTarget;
}

/** Seconds that resolvers keep an answer: the time that a change to the backup takes to arrive. */
const ttl = 60;

/** One record a host at Cloudflare (which flattens a CNAME at the top of a zone), two alias records at Route 53. */
export class SiteRecords extends Component {
  constructor(name: string, { hosts, zone, target }: SiteRecordsArgs, opts?: ComponentResourceOptions) {
    super("slipway:staticSite:SiteRecords", name, {}, opts);
    const content = target.kind === "host" ? target.host : target.domainName;
    for (const host of hosts) {
      const key = `${name}-${host}`;
      if (zone.provider === "cloudflare") {
        const { zoneId, proxied } = zone;
        // Cloudflare sets the time of a proxied record itself and calls that 1.
        new DnsRecord(
          key,
          { zoneId, name: host, type: "CNAME", content, ttl: proxied ? 1 : ttl, proxied, comment: "static site" },
          { parent: this },
        );
      } else if (target.kind === "host") {
        this.child(Route53Record, key, { zoneId: zone.zoneId, name: host, type: "CNAME", records: [target.host], ttl });
      } else {
        // CloudFront has no health that Route 53 could evaluate.
        const aliases = [{ name: target.domainName, zoneId: target.hostedZoneId, evaluateTargetHealth: false }];
        for (const type of ["A", "AAAA"] as const)
          this.child(Route53Record, `${key}-${type}`, { zoneId: zone.zoneId, name: host, type, aliases });
      }
    }
    this.registerOutputs();
  }
}
