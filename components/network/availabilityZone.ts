/** Names of availability zones. */

/** Whether a zone, `us-east-1a`, is one of the region's. */
export function isZoneOf(zone: string, region: string): boolean {
  return zone.startsWith(region) && /^[a-h]$/.test(zone.slice(region.length));
}
