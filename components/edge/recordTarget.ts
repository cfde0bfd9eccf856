/** What a DNS record leads to. */
import type { Input } from "@pulumi/pulumi";

/** What a host leads to, and how it is recorded. */
export type RecordTarget = (
  | /** A load balancer, with the hosted zone of its name for alias records. */
  { readonly target: Input<string>; readonly targetZoneId: Input<string> }
  /** CloudFront, which answers over IPv6 too. */
  | { readonly distribution: Input<string>; readonly distributionZoneId: Input<string> }
  /** A name by a CNAME, whoever serves it: it changes in one step, and cannot stand at the top of a zone at Route 53. */
  | { readonly alias: Input<string> }
  /** Host name or IPv4 address of somebody else's. */
  | { readonly address: string }
) & {
  /** Requests go through Cloudflare. @default as the component says */
  readonly proxied?: boolean;
};

/** Whether an address is an IPv4 address and no host name. */
export function isIpv4(address: string): boolean {
  return /^(?:(?:25[0-5]|2[0-4]\d|1?\d?\d)(?:\.|$)){4}$/.test(address);
}

/** Type of the record that leads to an address. */
export function recordType(address: string): "A" | "CNAME" {
  return isIpv4(address) ? "A" : "CNAME";
}
