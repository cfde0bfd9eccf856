/** Address plan of a VPC: every subnet's block follows from its zone and tier alone, never from an order. */
import { addressText, blockOf } from "./ipv4.ts";

/** Who can reach a subnet, and what it can reach: the internet both ways, outwards only, neither. */
export const tiers = ["public", "private", "isolated"] as const;
export type Tier = (typeof tiers)[number];

/** Smallest and largest VPC that the plan divides: each tier gets a quarter, each zone an eighth of that. */
export const vpcPrefixes = { widest: 16, narrowest: 22 } as const;

/**
 * Block of one subnet: a quarter of the VPC by tier, of which an eighth by the zone's letter (a to h). Zones and tiers
 * can come and go without moving another subnet.
 * @param vpc block of the VPC, for example `10.20.0.0/16`
 * @param zone availability zone, for example `us-east-1b`
 * @returns for these, `10.20.72.0/21` in the private tier
 */
export function subnetBlock(vpc: string, tier: Tier, zone: string): string {
  const { first, size, bits } = blockOf(vpc);
  return `${addressText(first + (tiers.indexOf(tier) * size) / 4 + (zoneSlot(zone) * size) / 32)}/${bits + 5}`;
}

/** 0 for a zone that ends in `a`, up to 7 for `h`. */
function zoneSlot(zone: string): number {
  return zone.charCodeAt(zone.length - 1) - 97;
}
