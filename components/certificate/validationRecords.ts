/** DNS records that validate certificates. */
import { Record as Route53Record } from "@pulumi/aws/route53/record.js";
import { DnsRecord } from "@pulumi/cloudflare/dnsRecord.js";
import type { ComponentResourceOptions, Output } from "@pulumi/pulumi";
import { Component } from "../component.ts";
import type { Accepted } from "../contract/accepted.ts";
import type { dnsZone } from "../dns/contract.ts";

/** What ACM asks for. */
export interface ValidationRecord {
  /** Full name, with the final dot. */
  readonly name: string;
  readonly value: string;
}

/** Arguments of `ValidationRecords`. */
export interface ValidationRecordsArgs {
  /** Where the records are written. */
  readonly zone: Accepted<typeof dnsZone>;
}

/**
 * One record a name, for all certificates that carry it: ACM asks for the same one within an account, whatever the region, and no zone
 * takes it twice. A name that passes from one certificate to another keeps its record.
 */
export class ValidationRecords extends Component {
  /** The real resources, by the name that each validates; those of a certificate are there when it is. */
  readonly nodes: { readonly records: Record<string, Route53Record | DnsRecord> };
  readonly #name: string;
  readonly #zone: Accepted<typeof dnsZone>;

  constructor(name: string, { zone }: ValidationRecordsArgs, opts?: ComponentResourceOptions) {
    super("slipway:certificate:ValidationRecords", name, {}, opts);
    this.nodes = { records: {} };
    this.#name = name;
    this.#zone = zone;
    this.registerOutputs();
  }

  /** Full name of the record that validates a name, written where nobody has asked for it yet. */
  of(validated: string, asked: Output<ValidationRecord>): Output<string> {
    const { records } = this.nodes;
    records[validated] ??= this.#write(`${this.#name}-${validated}`, asked);
    const record = records[validated];
    return "fqdn" in record ? record.fqdn : record.name;
  }

  #write(name: string, asked: Output<ValidationRecord>): Route53Record | DnsRecord {
    const host = asked.apply(({ name: record }) => withoutDot(record));
    const content = asked.apply(({ value }) => withoutDot(value));
    const zone = this.#zone;
    if (zone.provider === "cloudflare") {
      return new DnsRecord(
        name,
        { zoneId: zone.zoneId, name: host, type: "CNAME", content, ttl: 60, proxied: false, comment: "certificate validation" },
        { parent: this },
      );
    }
    return this.child(Route53Record, name, {
      zoneId: zone.zoneId,
      name: host,
      type: "CNAME",
      records: [content],
      ttl: 60,
      allowOverwrite: true,
    });
  }
}

/** Cloudflare stores names without the final dot, ACM gives them with it. */
function withoutDot(name: string): string {
  return name.replace(/\.$/, "");
}
