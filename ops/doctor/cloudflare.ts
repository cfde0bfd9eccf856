/** Cloudflare: token, zone, what the token may, and whether its certificates cover the hosts that it stands before. */
import { z } from "zod";
import { coveringName } from "../../components/environment/contract/hosts.ts";
import type { Right } from "../../infra/config/cloudflareRights.ts";
import { zoneProblems } from "../../infra/config/cloudflareZone.ts";
import { formatConfigPath } from "../../infra/config/problem.ts";
import { pulumiCommand } from "../../infra/config/pulumiCommand.ts";
import type { StackConfig } from "../../infra/config/stack.ts";
import { foreignRulesetProblem, foreignRulesets } from "../../infra/config/zoneRulesets.ts";
import { type Cloudflare, NotAllowed } from "../cloudflare/cloudflare.ts";
import type { State } from "../engine/state.ts";
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
export async function zoneAtCloudflare(cloudflare: Cloudflare, config: StackConfig, stack: string): Promise<Line> {
  const { dns } = config;
  const line = { area: "dns", what: `zone ${dns.zone}` } as const;
  const set = pulumiCommand(`${stack} config set --path slipway:dns.zoneId <id on the zone's overview page>`);
  try {
    const { name, status, plan: { legacy_id: plan } = {} } = await cloudflare.get(`/zones/${dns.zoneId}`, shownZone);
    const [problem] = zoneProblems(config, { name, status, plan });
    if (problem === undefined) return { ...line, found: `${dns.zoneId}, active`, verdict: "good" };
    const { path, found, fix } = problem;
    const mended = fix?.replace(/^pulumi (.*)$/, (_, words: string) => pulumiCommand(`${stack} ${words}`)) ?? set;
    return { ...line, found: `${formatConfigPath(path)} ${found}`, verdict: "missing", fix: mended };
  } catch (error) {
    if (!(error instanceof NotAllowed)) throw error;
    return { ...line, found: error.message, verdict: "missing", fix: `let the token see the zone (Zone: Read) at ${tokens}, or: ${set}` };
  }
}

/**
 * Whether the token has a right. Cloudflare tells of a token's own rights only to one that may read tokens: reading is tried in the place
 * of writing. @throws UserError when nobody can tell
 */
export async function rightLine(cloudflare: Cloudflare, { name, part }: Right, { dns }: StackConfig): Promise<Line> {
  const line = { area: "cloudflare", what: `right ${name}` } as const;
  try {
    await cloudflare.get(`/zones/${dns.zoneId}/${part}?per_page=1`, z.unknown());
    return { ...line, found: "reads; whether it writes too shows in the first update", verdict: "good" };
  } catch (error) {
    if (!(error instanceof NotAllowed)) throw error;
    return { ...line, found: error.message, verdict: "missing", fix: `add ${name} for ${dns.zone} to the token at ${tokens}` };
  }
}

const listedRulesets = z.array(z.looseObject({ id: z.string(), kind: z.string(), phase: z.string(), name: z.string() }));

/** Whether the zone has rulesets of others for phases that the stack is to have. @throws UserError when nobody can tell */
export async function rulesetLines(cloudflare: Cloudflare, config: StackConfig, { resources }: State): Promise<Line[]> {
  const listed = await cloudflare.get(`/zones/${config.dns.zoneId}/rulesets`, listedRulesets);
  const own = resources.flatMap(({ type, inputs }) => (type === "cloudflare:index/ruleset:Ruleset" ? [String(inputs?.phase)] : []));
  const line = { area: "cloudflare", what: "rulesets of the zone's phases" } as const;
  const foreign = foreignRulesets(config, listed, new Set(own)).map((one) => foreignRulesetProblem(config, one));
  if (foreign.length === 0) return [{ ...line, found: "none is somebody else's", verdict: "good" }];
  return foreign.map(({ path, found, fix = "" }) => ({ ...line, found: `${formatConfigPath(path)} ${found}`, verdict: "missing", fix }));
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
