/** Rights that the token of a stack's Cloudflare needs, by what can only be read with them. For people: docs/first-up.md. */
import type { StackConfig } from "./stack.ts";

/** Parts of a zone that are read in the place of writing. */
export type ZonePart = "dns_records" | "rulesets" | "settings/ssl";

/** A right of a token. */
export interface Right {
  /** As the page of tokens calls it. */
  readonly name: string;
  /** Where the API answers whoever has it, below the zone. */
  readonly part: ZonePart;
}

/** What the token has to have for this stack, besides seeing the zone. Pure. */
export function rightsFor({ dns, edge }: Pick<StackConfig, "dns" | "edge">): Right[] {
  const zoneRules = edge.provider === "cloudflare" && edge.zoneRules;
  return [
    ...(dns.provider === "cloudflare" ? [{ name: "DNS: Edit", part: "dns_records" } as const] : []),
    ...(zoneRules
      ? [{ name: "Zone WAF: Edit", part: "rulesets" } as const, { name: "Zone Settings: Edit", part: "settings/ssl" } as const]
      : []),
  ];
}

/** What a token has to be like, for a refusal. */
export function allowedToken(config: Pick<StackConfig, "dns" | "edge">): string {
  const names = ["Zone: Read", ...rightsFor(config).map(({ name }) => name)];
  return `a token of Cloudflare in CLOUDFLARE_API_TOKEN with ${names.join(", ")} for ${config.dns.zone}; docs/first-up.md has all its rights`;
}
