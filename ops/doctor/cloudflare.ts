/** Cloudflare: token, zone, what the token may, and whether its certificates cover the hosts that it stands before. */
import { z } from "zod";
import { coveringName } from "../../components/environment/contract/hosts.ts";
import type { StackConfig } from "../../infra/config/stack.ts";
import { type Cloudflare, NotAllowed } from "../cloudflare/cloudflare.ts";
import { UserError } from "../userError.ts";
import type { Line } from "./line.ts";

/** Whether a stack has anything at Cloudflare. */
export function usesCloudflare({ dns, edge }: StackConfig): boolean {
  return dns.provider === "cloudflare" || edge.provider === "cloudflare";
}

const tokens = "https://dash.cloudflare.com/profile/api-tokens";

/** Whether there is a token that is active. */
export async function tokenLine(cloudflare: Cloudflare): Promise<Line> {
  const line = { area: "cloudflare", what: "API token" } as const;
  const fix = `make a token at ${tokens}; then: export CLOUDFLARE_API_TOKEN=<token>`;
  try {
    const { status } = await cloudflare.get("/user/tokens/verify", z.looseObject({ status: z.string() }));
    return status === "active"
      ? { ...line, found: status, verdict: "good" }
      : { ...line, found: `the token is ${status}`, verdict: "missing", fix };
  } catch (error) {
    if (!(error instanceof UserError)) throw error;
    const known = error instanceof NotAllowed || error.exitCode === 2;
    if (known) return { ...line, found: error.message, verdict: "missing", fix };
    return {
      ...line,
      found: error.message,
      verdict: "notAsked",
      fix: "curl -sS https://api.cloudflare.com/client/v4/ips   (until it answers)",
    };
  }
}

const shownZone = z.looseObject({ name: z.string(), status: z.string(), plan: z.looseObject({ legacy_id: z.string() }).optional() });

/** Whether the zone is the one that config names, of the plan that config believes, and Cloudflare serves it. @throws UserError when nobody can tell */
export async function zoneAtCloudflare(cloudflare: Cloudflare, { dns, edge }: StackConfig, stack: string): Promise<Line> {
  const line = { area: "dns", what: `zone ${dns.zone}` } as const;
  const set = `slipway pulumi ${stack} config set --path slipway:dns.zoneId <id on the zone's overview page>`;
  try {
    const { name, status, plan: { legacy_id: plan } = {} } = await cloudflare.get(`/zones/${dns.zoneId}`, shownZone);
    if (name !== dns.zone) return { ...line, found: `${dns.zoneId} is the zone of ${name}`, verdict: "missing", fix: set };
    if (edge.provider === "cloudflare" && plan !== undefined && plan !== edge.plan)
      return {
        ...line,
        found: `the zone has the plan ${plan}, and edge.plan is ${edge.plan}`,
        verdict: "missing",
        fix: `slipway pulumi ${stack} config set --path slipway:edge.plan ${plan}`,
      };
    if (status === "active") return { ...line, found: `${dns.zoneId}, active`, verdict: "good" };
    const fix = `at the registrar of ${dns.zone}: the name servers that https://dash.cloudflare.com names for it`;
    return { ...line, found: `the zone is ${status}: it is not delegated to Cloudflare`, verdict: "missing", fix };
  } catch (error) {
    if (!(error instanceof NotAllowed)) throw error;
    return { ...line, found: error.message, verdict: "missing", fix: `let the token see the zone (Zone: Read) at ${tokens}, or: ${set}` };
  }
}

/** A right of a token, by what can only be read with it. */
export interface Right {
  /** As the page of tokens calls it. */
  readonly name: string;
  readonly path: string;
}

/** What the token has to have for this stack. Pure. */
export function rightsFor({ dns, edge }: StackConfig): Right[] {
  const zoneRules = edge.provider === "cloudflare" && edge.zoneRules;
  return [
    ...(dns.provider === "cloudflare" ? [{ name: "DNS: Edit", path: "/dns_records?per_page=1" }] : []),
    ...(zoneRules ? [{ name: "Zone WAF: Edit", path: "/rulesets" }] : []),
    ...(zoneRules ? [{ name: "Zone Settings: Edit", path: "/settings/ssl" }] : []),
  ];
}

/**
 * Whether the token has a right. Cloudflare tells of a token's own rights only to one that may read tokens: reading is tried in the place
 * of writing. @throws UserError when nobody can tell
 */
export async function rightLine(cloudflare: Cloudflare, { name, path }: Right, { dns }: StackConfig): Promise<Line> {
  const line = { area: "cloudflare", what: `right ${name}` } as const;
  try {
    await cloudflare.get(`/zones/${dns.zoneId}${path}`, z.unknown());
    return { ...line, found: "reads; whether it writes too shows in the first update", verdict: "good" };
  } catch (error) {
    if (!(error instanceof NotAllowed)) throw error;
    return { ...line, found: error.message, verdict: "missing", fix: `add ${name} for ${dns.zone} to the token at ${tokens}` };
  }
}

const packs = z.array(z.looseObject({ status: z.string(), hosts: z.array(z.string()) }));

/** Names on the zone's active certificates. @throws UserError when nobody can tell */
export async function certifiedAtCloudflare(cloudflare: Cloudflare, { dns }: StackConfig): Promise<string[]> {
  const all = await cloudflare.get(`/zones/${dns.zoneId}/ssl/certificate_packs?status=all`, packs);
  return all.flatMap(({ status, hosts }) => (status === "active" ? hosts : []));
}

/** Judges. Pure. */
export function edgeCertificateLine(host: string, certified: readonly string[]): Line {
  const line = { area: "certificates", what: `Cloudflare's for ${host}` } as const;
  const found = coveringName(certified, host);
  if (found !== undefined) return { ...line, found: `covered by ${found}`, verdict: "good" };
  const fix = "order an advanced certificate with the name at https://dash.cloudflare.com, SSL/TLS, Edge Certificates";
  return {
    ...line,
    found: `none of ${certified.join(", ") || "no certificate"} covers it: browsers would refuse it`,
    verdict: "missing",
    fix,
  };
}
