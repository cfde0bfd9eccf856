/** TLS certificate, validated by records in the stack's own DNS zone. */
import { Certificate as AcmCertificate, type CertificateArgs as AcmCertificateArgs } from "@pulumi/aws/acm/certificate.js";
import { CertificateValidation } from "@pulumi/aws/acm/certificateValidation.js";
import { Record as Route53Record } from "@pulumi/aws/route53/record.js";
import { DnsRecord } from "@pulumi/cloudflare/dnsRecord.js";
import { all, type ComponentResourceOptions, type Input, type Output } from "@pulumi/pulumi";
import { Component, type Tagged, type Transformable } from "../component.ts";
import { type Accepted, accepted, type Given } from "../contract/accepted.ts";
import type { dnsZone } from "../dns/contract.ts";
import { certificate } from "./contract.ts";

/** Arguments of `Certificate`: those of its contract, and these. */
export interface CertificateArgs extends Given<typeof certificate>, Tagged, Transformable<{ certificate: AcmCertificateArgs }> {
  /** AWS region of what uses the certificate; `us-east-1` for CloudFront. */
  readonly region: string;
  /**
   * Names whose validation record another certificate writes: ACM asks for the same record for a name, whatever the region,
   * and no zone takes it twice. @default none
   */
  readonly recordedElsewhere?: {
    readonly names: readonly string[];
    /** ARN of the other certificate, known when its records are in place. */
    readonly by: Input<string>;
  };
}

/** Names that need a validation record of their own: a wildcard shares the record of the name below it. */
function validatedNames(domain: string, alternativeNames: readonly string[]): string[] {
  return [...new Set([domain, ...alternativeNames].map((name) => name.replace(/^\*\./, "")))].sort();
}

/**
 * A certificate whose `arn` is known only when it is issued, so that nothing tries to use it before.
 *
 * @throws InputPropertiesError naming every argument that cannot be used
 */
export class Certificate extends Component {
  /** The real resources. */
  readonly nodes: { readonly certificate: AcmCertificate };
  /** ARN of the issued certificate. */
  readonly arn: Output<string>;

  constructor(name: string, args: CertificateArgs, opts?: ComponentResourceOptions) {
    const { domain, alternativeNames, zone } = accepted(name, certificate, args);
    super("slipway:certificate:Certificate", name, args, opts);
    const requested = this.child(
      AcmCertificate,
      name,
      { domainName: domain, subjectAlternativeNames: alternativeNames, validationMethod: "DNS" },
      { transform: args.transform?.certificate },
    );
    const elsewhere = new Set(args.recordedElsewhere?.names.map((recorded) => recorded.replace(/^\*\./, "")));
    const records = validatedNames(domain, alternativeNames).map((validated) => {
      const option = optionFor(requested, validated);
      const { recordedElsewhere: other } = args;
      return other !== undefined && elsewhere.has(validated)
        ? all([other.by, option]).apply(([, { name: record }]) => withoutDot(record))
        : this.#record(`${name}-${validated}`, zone, option);
    });
    const issued = this.child(CertificateValidation, name, { certificateArn: requested.arn, validationRecordFqdns: records });
    this.nodes = { certificate: requested };
    this.arn = issued.certificateArn;
    this.registerOutputs({ arn: this.arn });
  }

  /** Writes one validation record. @returns its full name */
  #record(name: string, zone: Accepted<typeof dnsZone>, option: Output<ValidationRecord>): Output<string> {
    const host = option.apply(({ name: record }) => withoutDot(record));
    const content = option.apply(({ value }) => withoutDot(value));
    if (zone.provider === "cloudflare") {
      return new DnsRecord(
        name,
        { zoneId: zone.zoneId, name: host, type: "CNAME", content, ttl: 60, proxied: false, comment: "certificate validation" },
        { parent: this },
      ).name;
    }
    return this.child(Route53Record, name, {
      zoneId: zone.zoneId,
      name: host,
      type: "CNAME",
      records: [content],
      ttl: 60,
      allowOverwrite: true,
    }).fqdn;
  }
}

interface ValidationRecord {
  readonly name: string;
  readonly value: string;
}

function optionFor(certificate: AcmCertificate, domain: string): Output<ValidationRecord> {
  return certificate.domainValidationOptions.apply((options) => {
    // A targeted first update leaves the certificate out, and the engine then gives undefined for its outputs.
    const option = options?.find((candidate) => candidate.domainName.replace(/^\*\./, "") === domain);
    return { name: option?.resourceRecordName ?? "", value: option?.resourceRecordValue ?? "" };
  });
}

/** Cloudflare stores names without the final dot, ACM gives them with it. */
function withoutDot(name: string): string {
  return name.replace(/\.$/, "");
}
