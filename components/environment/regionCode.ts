/** Short code of an AWS region, as in AWS's own zone ids: `us-east-1` is `use1`, `ap-southeast-1` is `apse1`. */
export function regionCode(region: string): string {
  const parts = region.split("-");
  const number = parts.at(-1) ?? "";
  const [area = "", ...directions] = parts.slice(0, -1);
  const initials = directions.map((direction) =>
    direction.replace(
      /^(north|south|east|west|central|gov)(east|west)?$/,
      (_, first: string, second = "") => `${first[0]}${second[0] ?? ""}`,
    ),
  );
  return `${area}${initials.join("")}${number}`;
}
