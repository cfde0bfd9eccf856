/** A zone at Route 53 for one name of a zone at Cloudflare: failover records are Route 53's, everything else stays where it is. */
import { Zone, type ZoneArgs } from "@pulumi/aws/route53/zone.js";
import { DnsRecord } from "@pulumi/cloudflare/dnsRecord.js";
import type { ComponentResourceOptions, Output } from "@pulumi/pulumi";
import { Component, type Tagged, type Transformable } from "../component.ts";

/** Arguments of `DelegatedZone`. */
export interface DelegatedZoneArgs extends Tagged, Transformable<{ zone: ZoneArgs }> {
  /** Name that Route 53 answers for, below the parent's. */
  readonly domain: string;
  /** Cloudflare zone that delegates it. */
  readonly parentZoneId: string;
  /** Refuse to delete it: a zone made anew has other name servers. @default false */
  readonly protect?: boolean;
}

/** Route 53 gives every zone this many name servers. */
const nameServers = 4;

/** Hosted zone and the records at Cloudflare that delegate to it. */
export class DelegatedZone extends Component {
  /** The real resources. */
  readonly nodes: { readonly zone: Zone };
  /** Known when the zone exists. */
  readonly zoneId: Output<string>;

  constructor(
    name: string,
    { domain, parentZoneId, protect = false, tags, transform }: DelegatedZoneArgs,
    opts?: ComponentResourceOptions,
  ) {
    super("slipway:failover:DelegatedZone", name, { tags }, opts);
    const zone = this.child(
      Zone,
      name,
      { name: domain, comment: "Failover between regions", forceDestroy: false },
      { transform: transform?.zone, protect },
    );
    for (let index = 0; index < nameServers; index++)
      new DnsRecord(
        `${name}-ns${index + 1}`,
        {
          zoneId: parentZoneId,
          name: domain,
          type: "NS",
          content: zone.nameServers.apply((servers) => servers[index] ?? ""),
          ttl: 3600,
          comment: "delegated to Route 53 for failover",
        },
        { parent: this },
      );
    this.nodes = { zone };
    this.zoneId = zone.zoneId;
    this.registerOutputs({ zoneId: this.zoneId });
  }
}
