/** What a DNS record leads to. */
import type { Input } from "@pulumi/pulumi";

/** A load balancer, with the hosted zone of its name for alias records; or an address of somebody else's. */
export type RecordTarget =
  | { readonly target: Input<string>; readonly targetZoneId: Input<string> }
  /** Host name or IPv4 address. */
  | { readonly address: string };

/** Whether an address is an IPv4 address and no host name. */
export function isIpv4(address: string): boolean {
  return /^(?:(?:25[0-5]|2[0-4]\d|1?\d?\d)(?:\.|$)){4}$/.test(address);
}

/** Type of the record that leads to an address. */
export function recordType(address: string): "A" | "CNAME" {
  return isIpv4(address) ? "A" : "CNAME";
}
