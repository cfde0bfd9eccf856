/** The zone at Route 53, and the CAA records that say who may issue certificates. */
import dns from "node:dns/promises";
import { siteHosts } from "../../components/environment/contract/hostRecords.ts";
import { pulumiCommand } from "../../infra/config/pulumiCommand.ts";
import type { StackConfig } from "../../infra/config/stack.ts";
import { openLiveStore } from "../../sandbox/sandbox.ts";
import type { Aws } from "../aws/aws.ts";
import { cloudFolder, isReal } from "../engine/backend.ts";
import type { NamedStack } from "../project/stack.ts";
import { UserError } from "../userError.ts";
import type { Line } from "./line.ts";

/** A zone as the account has it. */
export type Zone = { readonly kind: "absent" } | { readonly kind: "there"; readonly name: string; readonly servers: readonly string[] };

/** Names of a domain's servers, and who may issue certificates for it, as the DNS says. */
export interface Dns {
  /** Servers that a domain is delegated to; none where it is to nobody. @throws UserError when nobody can tell */
  servers(domain: string): Promise<readonly string[]>;
  /** CAA records of exactly this name; undefined for a name that is not there. @throws UserError when nobody can tell */
  caa(name: string): Promise<readonly Caa[] | undefined>;
}

/** A CAA record, one of its properties each: `{issue: "amazon.com"}`. */
export interface Caa {
  readonly issue?: string | undefined;
  readonly issuewild?: string | undefined;
}

/** The DNS of a stack: the real one, or the records of the simulated cloud, in which each zone is delegated to whoever has it. */
export async function openDns({ backend }: NamedStack): Promise<Dns> {
  if (isReal(backend, "aws"))
    return {
      servers: async (domain) => (await known(dns.resolveNs(domain), domain)) ?? [],
      caa: (name) => known(dns.resolveCaa(name), name),
    };
  const { caaRecords, nameServers } = await import("../../sandbox/aws/hostedZones.ts");
  const store = openLiveStore(cloudFolder(backend));
  return { servers: async () => nameServers, caa: async (name) => caaRecords(store, name) };
}

/** @returns undefined for a name that is not there, an empty list for one without such records */
async function known<Found>(answer: Promise<Found[]>, name: string): Promise<Found[] | undefined> {
  try {
    return await answer;
  } catch (error) {
    const code = error instanceof Error && "code" in error ? String(error.code) : "";
    if (code === "ENODATA") return [];
    if (code === "ENOTFOUND") return undefined;
    throw new UserError(`The DNS does not tell about ${name}: ${error instanceof Error ? error.message : String(error)}`);
  }
}

/** The zone in the account. @throws UserError when nobody can tell */
export async function zoneIn(aws: Aws, { aws: { region }, dns: { zoneId: Id } }: StackConfig): Promise<Zone> {
  const route53 = await aws.client("route53", region);
  try {
    const { HostedZone, DelegationSet } = await route53.getHostedZone({ Id });
    return { kind: "there", name: bare(HostedZone?.Name ?? ""), servers: DelegationSet?.NameServers ?? [] };
  } catch (error) {
    // Route 53 shows a zone of another account to nobody.
    if (error instanceof Error && (error.name === "NoSuchHostedZone" || error.name === "AccessDenied")) return { kind: "absent" };
    throw aws.refusal(error, `The zone ${Id} cannot be read`);
  }
}

/** Judges. @param delegated servers that the DNS names for the domain @param stack words that name the stack in a command */
export function zoneLine({ dns: { zone, zoneId } }: StackConfig, found: Zone, delegated: readonly string[], stack: string): Line {
  const line = { area: "dns", what: `zone ${zone}` } as const;
  const set = `aws route53 list-hosted-zones-by-name --dns-name ${zone}; then: ${pulumiCommand(`${stack} config set --path slipway:dns.zoneId <its id>`)}`;
  if (found.kind === "absent")
    return {
      ...line,
      found: `${zoneId} is no zone of this account, or none that the credentials may read (route53:GetHostedZone)`,
      verdict: "missing",
      fix: set,
    };
  if (found.name !== zone) return { ...line, found: `${zoneId} is the zone of ${found.name}`, verdict: "missing", fix: set };
  if (found.servers.some((server) => delegated.map(bare).includes(bare(server))))
    return { ...line, found: `${zoneId}, delegated to this account`, verdict: "good" };
  const fix = `at the registrar of ${zone}, or in the zone above it: NS ${found.servers.join(", ")}`;
  const to = delegated.length === 0 ? "to nobody" : `to ${delegated.join(", ")}`;
  return { ...line, found: `the DNS delegates it ${to}`, verdict: "missing", fix };
}

/** Names that AWS issues certificates for. Pure. */
export function certifiedNames(config: StackConfig): string[] {
  const { domain, alternativeNames } = config.loadBalancer.certificate;
  return [...new Set([domain, ...alternativeNames, ...siteHosts(config)])];
}

/** Any of these lets AWS issue (ACM guide, "(Optional) Configure a CAA record"). */
const amazon = ["amazon.com", "amazontrust.com", "awstrust.com", "amazonaws.com"];

/**
 * The records that count for a name: its own, else those of the nearest name above (RFC 8659, 3).
 * @throws UserError when neither it nor a name above it is in the DNS: the domain is not registered, or this is no answer of the DNS
 */
export async function caaFor(name: string, { caa }: Dns): Promise<{ readonly at: string; readonly records: readonly Caa[] }> {
  let there = false;
  for (let at = name.replace(/^\*\./, ""); at.includes("."); at = at.slice(at.indexOf(".") + 1)) {
    const records = await caa(at);
    if (records !== undefined && records.length > 0) return { at, records };
    there ||= records !== undefined;
  }
  if (!there) throw new UserError(`The DNS knows neither ${name} nor a name above it.`);
  return { at: "", records: [] };
}

/** Judges. A name with a star goes by `issuewild` where there is one. Pure. */
export function caaLine(name: string, { at, records }: Awaited<ReturnType<typeof caaFor>>): Line {
  const line = { area: "dns", what: `certificate of AWS for ${name}` } as const;
  const wild = name.startsWith("*.") ? records.flatMap(({ issuewild }) => issuewild ?? []) : [];
  const property = wild.length > 0 ? "issuewild" : "issue";
  const allowed = wild.length > 0 ? wild : records.flatMap(({ issue }) => issue ?? []);
  if (allowed.length === 0) return { ...line, found: "no CAA record forbids it", verdict: "good" };
  if (allowed.some((value) => amazon.includes(value.split(";")[0]?.trim() ?? "")))
    return { ...line, found: `${at} lets AWS issue`, verdict: "good" };
  const found = `CAA of ${at} lets only ${allowed.map((value) => JSON.stringify(value)).join(", ")} issue`;
  return { ...line, found, verdict: "missing", fix: `add to the records of ${at}: CAA 0 ${property} "${amazon[0]}"` };
}

function bare(name: string): string {
  return name.replace(/\.$/, "").toLowerCase();
}
