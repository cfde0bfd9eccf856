/** Address plan of a VPC: every subnet's block follows from its zone and tier alone, never from an order. */

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
  const [address = "", prefix = "0"] = vpc.split("/");
  const bits = Number(prefix);
  const first = toNumber(address);
  const tierSize = 2 ** (32 - bits - 2);
  const zoneSize = 2 ** (32 - bits - 5);
  return `${toAddress(first + tiers.indexOf(tier) * tierSize + zoneSlot(zone) * zoneSize)}/${bits + 5}`;
}

/** 0 for a zone that ends in `a`, up to 7 for `h`. */
export function zoneSlot(zone: string): number {
  return (zone.codePointAt(zone.length - 1) ?? 97) - 97;
}

function toNumber(address: string): number {
  return address.split(".").reduce((sum, octet) => sum * 256 + Number(octet), 0);
}

function toAddress(number: number): string {
  return [24, 16, 8, 0].map((shift) => Math.floor(number / 2 ** shift) % 256).join(".");
}
