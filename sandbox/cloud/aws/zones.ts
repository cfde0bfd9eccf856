/** Availability zones. */

/** `us-east-1a` → `use1-az1`. AWS shuffles the numbers for each account; here the letters are in order. */
export function zoneIdOf(zone: string): string {
  const [, area = "", direction = "", number = "", letter = "a"] = zone.match(/^([a-z]+(?:-[a-z]+)*)-([a-z]+)-(\d+)([a-z])$/) ?? [];
  const short = direction.replaceAll(/north|south|east|west|central/g, (word) => word.charAt(0));
  return `${area.replaceAll("-", "")}${short}${number}-az${letter.charCodeAt(0) - "a".charCodeAt(0) + 1}`;
}
