/** DNS records that lead a stack's hosts to its load balancer. */
import { Record as Route53Record } from "@pulumi/aws/route53/record.js";
import { DnsRecord, type DnsRecordArgs } from "@pulumi/cloudflare/dnsRecord.js";
import type { ComponentResourceOptions, Input } from "@pulumi/pulumi";
import { Component } from "../component.ts";
import type { ArgumentProblem } from "../contract/argumentProblem.ts";
import { type Transform, transformed } from "../transform.ts";
import { type RecordTarget, recordType } from "./recordTarget.ts";

/** Where the records are written. */
type RecordZone = { readonly provider: "cloudflare"; readonly zoneId: string } | { readonly provider: "route53"; readonly zoneId: string };

/** Arguments of `Records`. */
export interface RecordsArgs {
  readonly zone: RecordZone;
  /** Host names; `*.` in front takes every name below. */
  readonly hosts: readonly string[];
  /** Name of the load balancer that they lead to. */
  readonly target: Input<string>;
  /** Hosted zone of that name, for alias records. */
  readonly targetZoneId: Input<string>;
  /** Hosts that lead somewhere else than the others. @default none */
  readonly elsewhere?: Readonly<Record<string, RecordTarget>>;
  /** Cloudflare stands in between: its addresses are answered, its rules run. Only for records at Cloudflare. @default false */
  readonly proxied?: boolean;
  /** Seconds that resolvers keep an answer which is not proxied, 60–86,400. @default 60 */
  readonly ttlSeconds?: number;
  /** Changes to single children. @default none */
  readonly transform?: { readonly record?: Transform<DnsRecordArgs> };
}

/** Everything wrong with plain arguments. */
function recordsProblems({ hosts, zone, proxied, ttlSeconds = 60 }: RecordsArgs): ArgumentProblem[] {
  const problems: ArgumentProblem[] = [];
  if (new Set(hosts).size !== hosts.length) problems.push({ propertyPath: "hosts", reason: "names a host twice" });
  if (proxied === true && zone.provider !== "cloudflare")
    problems.push({ propertyPath: "proxied", reason: "is true for a zone at Route 53; give false, or a zone at Cloudflare" });
  if (ttlSeconds < 60 || ttlSeconds > 86_400)
    problems.push({ propertyPath: "ttlSeconds", reason: `is ${ttlSeconds}; give an integer from 60 to 86400 (seconds)` });
  return problems;
}

/**
 * One record a host: at Cloudflare a CNAME (flattened at the zone's top), at Route 53 an alias for IPv4. A host that leads to
 * an address elsewhere has a CNAME to a host name, or an A record to an IPv4 address, at either.
 *
 * @throws InputPropertiesError naming every argument that cannot be used
 */
export class Records extends Component {
  constructor(name: string, args: RecordsArgs, opts?: ComponentResourceOptions) {
    super("slipway:edge:Records", name, {}, opts, recordsProblems(args));
    const { target, targetZoneId, elsewhere = {} } = args;
    for (const host of args.hosts)
      this.#record(`${name}-${host.replace("*", "wildcard")}`, host, elsewhere[host] ?? { target, targetZoneId }, args);
    this.registerOutputs();
  }

  #record(name: string, host: string, to: RecordTarget, { zone, proxied = false, ttlSeconds = 60, transform }: RecordsArgs): void {
    if (zone.provider === "route53") {
      const { zoneId } = zone;
      const leads =
        "address" in to
          ? { type: recordType(to.address), records: [to.address], ttl: ttlSeconds }
          : { type: "A", aliases: [{ name: to.target, zoneId: to.targetZoneId, evaluateTargetHealth: true }] };
      this.child(Route53Record, name, { zoneId, name: host, ...leads });
      return;
    }
    // Cloudflare sets the time itself where it answers with its own addresses, and calls that 1.
    const ttl = proxied ? 1 : ttlSeconds;
    const leads =
      "address" in to
        ? { type: recordType(to.address), content: to.address, comment: "cluster gateway" }
        : { type: "CNAME", content: to.target, comment: "load balancer" };
    const wanted: DnsRecordArgs = { zoneId: zone.zoneId, name: host, proxied, ttl, ...leads };
    new DnsRecord(...transformed(transform?.record, name, wanted, { parent: this }));
  }
}
