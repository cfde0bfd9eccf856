/** DNS records that lead a stack's hosts to its load balancer. */
import { Record as Route53Record } from "@pulumi/aws/route53/record.js";
import { DnsRecord, type DnsRecordArgs } from "@pulumi/cloudflare/dnsRecord.js";
import type { ComponentResourceOptions, Input } from "@pulumi/pulumi";
import { Component, type Transformable, transformed } from "../component.ts";
import { type Accepted, accepted, type Given } from "../contract/accepted.ts";
import type { dnsZone } from "../dns/contract.ts";
import { records } from "./contract.ts";
import { type RecordTarget, recordType } from "./recordTarget.ts";

/** Arguments of `Records`: those of its contract, and these. */
export interface RecordsArgs extends Given<typeof records>, Transformable<{ record: DnsRecordArgs }> {
  /** Where the records are written. */
  readonly zone: Accepted<typeof dnsZone>;
  /** Name of the load balancer that they lead to. */
  readonly target: Input<string>;
  /** Hosted zone of that name, for alias records. */
  readonly targetZoneId: Input<string>;
  /** Hosts that lead somewhere else than the others. @default none */
  readonly elsewhere?: Readonly<Record<string, RecordTarget>>;
}

/**
 * One record a host: at Cloudflare a CNAME (flattened at the zone's top), at Route 53 an alias for IPv4. A host that leads to
 * an address elsewhere has a CNAME to a host name, or an A record to an IPv4 address, at either.
 *
 * @throws InputPropertiesError naming every argument that cannot be used
 */
export class Records extends Component {
  /** The real resources. */
  readonly nodes: { readonly records: Readonly<Record<string, Route53Record | DnsRecord>> };

  constructor(name: string, args: RecordsArgs, opts?: ComponentResourceOptions) {
    const { target, targetZoneId, elsewhere = {}, zone } = args;
    const proxied = args.proxied === true && zone.provider !== "cloudflare";
    const reason = "is true for a zone at Route 53; give false, or a zone at Cloudflare";
    const given = accepted(name, records, args, proxied ? [{ propertyPath: "proxied", reason }] : []);
    super("slipway:edge:Records", name, {}, opts);
    const made = given.hosts.map((host) => {
      const to = elsewhere[host] ?? { target, targetZoneId };
      return [host, this.#record(`${name}-${host.replace("*", "wildcard")}`, host, to, { ...args, ...given })] as const;
    });
    this.nodes = { records: Object.fromEntries(made) };
    this.registerOutputs();
  }

  #record(
    name: string,
    host: string,
    to: RecordTarget,
    { zone, proxied, ttlSeconds, transform }: RecordsArgs & Accepted<typeof records>,
  ): Route53Record | DnsRecord {
    if (zone.provider === "route53") {
      const { zoneId } = zone;
      const leads =
        "address" in to
          ? { type: recordType(to.address), records: [to.address], ttl: ttlSeconds }
          : { type: "A", aliases: [{ name: to.target, zoneId: to.targetZoneId, evaluateTargetHealth: true }] };
      return this.child(Route53Record, name, { zoneId, name: host, ...leads });
    }
    // Cloudflare sets the time itself where it answers with its own addresses, and calls that 1.
    const ttl = proxied ? 1 : ttlSeconds;
    const leads =
      "address" in to
        ? { type: recordType(to.address), content: to.address, comment: "cluster gateway" }
        : { type: "CNAME", content: to.target, comment: "load balancer" };
    const wanted: DnsRecordArgs = { zoneId: zone.zoneId, name: host, proxied, ttl, ...leads };
    return new DnsRecord(...transformed(transform?.record, name, wanted, { parent: this }));
  }
}
