/** TLS certificate, validated by records in the stack's own DNS zone. */
import { Certificate as AcmCertificate, type CertificateArgs as AcmCertificateArgs } from "@pulumi/aws/acm/certificate.js";
import { CertificateValidation } from "@pulumi/aws/acm/certificateValidation.js";
import type { ComponentResourceOptions, Output } from "@pulumi/pulumi";
import { Component, type Tagged, type Transformable } from "../component.ts";
import { accepted, type Given } from "../contract/accepted.ts";
import { certificate } from "./contract.ts";
import { type ValidationRecord, ValidationRecords } from "./validationRecords.ts";

/** Arguments of `Certificate`: those of its contract, and these. */
export interface CertificateArgs extends Given<typeof certificate>, Tagged, Transformable<{ certificate: AcmCertificateArgs }> {
  /** AWS region of what uses the certificate; `us-east-1` for CloudFront. */
  readonly region: string;
  /** Validation records of several certificates, which may share names. @default its own */
  readonly records?: ValidationRecords;
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
    const written = args.records ?? this.child(ValidationRecords, `${name}-validation`, { zone });
    const records = validatedNames(domain, alternativeNames).map((validated) => written.of(validated, optionFor(requested, validated)));
    const issued = this.child(CertificateValidation, name, { certificateArn: requested.arn, validationRecordFqdns: records });
    this.nodes = { certificate: requested };
    this.arn = issued.certificateArn;
    this.registerOutputs({ arn: this.arn });
  }
}

function optionFor(certificate: AcmCertificate, domain: string): Output<ValidationRecord> {
  return certificate.domainValidationOptions.apply((options) => {
    // A targeted first update leaves the certificate out, and the engine then gives undefined for its outputs.
    const option = options?.find((candidate) => candidate.domainName.replace(/^\*\./, "") === domain);
    return { name: option?.resourceRecordName ?? "", value: option?.resourceRecordValue ?? "" };
  });
}
