/** DNS records that lead a stack's hosts to what answers them. */
import { Record as Route53Record } from "@pulumi/aws/route53/record.js";
import { DnsRecord, type DnsRecordArgs } from "@pulumi/cloudflare/dnsRecord.js";
import type { ComponentResourceOptions, Input } from "@pulumi/pulumi";
import { required } from "../byName.ts";
import { Component, type Transformable, transformed } from "../component.ts";
import { type Accepted, accepted, type Given } from "../contract/accepted.ts";
import type { dnsZone } from "../dns/contract.ts";
import { records } from "./contract.ts";
import { type RecordTarget, recordType } from "./recordTarget.ts";

/** Arguments of `Records`: those of its contract, and these. */
export interface RecordsArgs extends Given<typeof records>, Transformable<{ record: DnsRecordArgs }> {
  /** Where the records are written. */
  readonly zone: Accepted<typeof dnsZone>;
  /** Name of the load balancer that they lead to. @default every host leads elsewhere */
  readonly target?: Input<string>;
  /** Hosted zone of that name, for alias records. @default every host leads elsewhere */
  readonly targetZoneId?: Input<string>;
  /** Hosts that lead somewhere else than the others. @default none */
  readonly elsewhere?: Readonly<Record<string, RecordTarget>>;
}

/**
 * One record a host, whatever it leads to, so that a host which is handed over stays the same resource: at Cloudflare a CNAME
 * (flattened at the zone's top), at Route 53 an alias for IPv4, for CloudFront one for IPv6 besides. A host that leads to an address
 * has a CNAME to a host name, or an A record to an IPv4 address, at either. Where a record becomes one of another type the old one goes
 * first, since no zone takes both.
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
    const balancer = target === undefined || targetZoneId === undefined ? undefined : { target, targetZoneId };
    const made = given.hosts.map((host) => {
      const to = Object.hasOwn(elsewhere, host) ? elsewhere[host] : balancer;
      const leads = required({ [host]: to }, host, "what a host leads to");
      return [host, this.#record(`${name}-${host.replace("*", "wildcard")}`, host, leads, { ...args, ...given })] as const;
    });
    this.nodes = { records: Object.fromEntries(made) };
    this.registerOutputs();
  }

  #record(
    name: string,
    host: string,
    to: RecordTarget,
    { zone, proxied: all, ttlSeconds, transform }: RecordsArgs & Accepted<typeof records>,
  ): Route53Record | DnsRecord {
    if (zone.provider === "route53") return this.#atRoute53(name, host, to, zone.zoneId, ttlSeconds);
    const proxied = to.proxied ?? all;
    // Cloudflare sets the time itself where it answers with its own addresses, and calls that 1.
    const ttl = proxied ? 1 : ttlSeconds;
    const wanted: DnsRecordArgs = { zoneId: zone.zoneId, name: host, proxied, ttl, ...atCloudflare(to) };
    return new DnsRecord(...transformed(transform?.record, name, wanted, { parent: this, deleteBeforeReplace: true }));
  }

  #atRoute53(name: string, host: string, to: RecordTarget, zoneId: string, ttl: number): Route53Record {
    const record = this.child(Route53Record, name, { zoneId, name: host, ...leadsTo(to, ttl) }, { deleteBeforeReplace: true });
    // By its name it depends on the other: where that becomes a CNAME, this one goes before, and comes after it is none any more.
    if ("distribution" in to)
      this.child(Route53Record, `${name}-AAAA`, { zoneId, name: record.name, type: "AAAA", aliases: [cloudFront(to)] });
    return record;
  }
}

function leadsTo(to: RecordTarget, ttl: number) {
  if ("address" in to) return { type: recordType(to.address), records: [to.address], ttl };
  if ("alias" in to) return { type: "CNAME", records: [to.alias], ttl };
  if ("distribution" in to) return { type: "A", aliases: [cloudFront(to)] };
  return { type: "A", aliases: [{ name: to.target, zoneId: to.targetZoneId, evaluateTargetHealth: true }] };
}

/** CloudFront has no health that Route 53 could evaluate. */
function cloudFront(to: Extract<RecordTarget, { distribution: unknown }>) {
  return { name: to.distribution, zoneId: to.distributionZoneId, evaluateTargetHealth: false };
}

function atCloudflare(to: RecordTarget) {
  if ("address" in to) return { type: recordType(to.address), content: to.address, comment: "cluster gateway" };
  if ("alias" in to) return { type: "CNAME", content: to.alias, comment: "static site" };
  if ("distribution" in to) return { type: "CNAME", content: to.distribution, comment: "static site" };
  return { type: "CNAME", content: to.target, comment: "load balancer" };
}
