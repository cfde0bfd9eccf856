/** Names of the zone that the next update writes: whether somebody else's records are there, which the DNS refuses a second one beside. */
import { z } from "zod";
import { recordedHosts, siteHosts } from "../../components/environment/contract/hostRecords.ts";
import { pulumiCommand } from "../../infra/config/pulumiCommand.ts";
import type { StackConfig } from "../../infra/config/stack.ts";
import type { Aws } from "../aws/aws.ts";
import type { Cloudflare } from "../cloudflare/cloudflare.ts";
import type { State } from "../engine/state.ts";
import type { Line } from "./line.ts";

const types = new Set(["A", "AAAA", "CNAME"]);
const recordTypes = new Set(["aws:route53/record:Record", "cloudflare:index/dnsRecord:DnsRecord"]);

/** A record that leads a name somewhere. */
export interface Leads {
  readonly type: string;
  readonly to: string;
}

/** Hosts whose records the stack has not written yet. Pure. */
export function newHosts(config: StackConfig, { resources }: State): string[] {
  const { loadBalancer, gateway } = recordedHosts(config);
  const own = new Set(resources.flatMap(({ type, inputs }) => (recordTypes.has(type) ? [String(inputs?.name)] : [])));
  return [...new Set([...loadBalancer, ...gateway, ...siteHosts(config)])].filter((host) => !own.has(host)).sort();
}

const listed = z.array(z.looseObject({ name: z.string(), type: z.string(), content: z.string().optional() }));

/** Where a name leads at Cloudflare. @throws UserError when nobody can tell */
export async function atCloudflare(cloudflare: Cloudflare, { dns }: StackConfig, host: string): Promise<Leads[]> {
  const found = await cloudflare.get(`/zones/${dns.zoneId}/dns_records?name=${encodeURIComponent(host)}`, listed);
  return found.flatMap(({ name, type, content = "" }) => (name === host && types.has(type) ? [{ type, to: content }] : []));
}

/** Where a name leads at Route 53. @throws UserError when nobody can tell */
export async function atRoute53(aws: Aws, { aws: { region }, dns }: StackConfig, host: string): Promise<Leads[]> {
  const route53 = await aws.client("route53", region);
  const asked = route53.listResourceRecordSets({ HostedZoneId: dns.zoneId, StartRecordName: host, MaxItems: 10 });
  const { ResourceRecordSets: found = [] } = await aws.told(`Records of ${host} cannot be read`, asked);
  return found.flatMap(({ Name, Type = "", ResourceRecords = [], AliasTarget }) =>
    Name === `${host.replace(/^\*/, "\\052")}.` && types.has(Type)
      ? [{ type: Type, to: AliasTarget?.DNSName ?? ResourceRecords.map(({ Value }) => Value).join(", ") }]
      : [],
  );
}

/** Judges. Pure. @param words that name the stack in a command */
export function nameLine(host: string, found: readonly Leads[], { edge }: StackConfig, words: string): Line {
  const line = { area: "dns", what: `record of ${host}` } as const;
  if (found.length === 0) return { ...line, found: "the name is free", verdict: "good" };
  const set = (key: string, value: string) => pulumiCommand(`${words} config set --path slipway:edge.${key} ${value}`);
  const without = [...(edge.provider === "none" ? [set("provider", "none")] : []), set("records", "false")].join("; ");
  return {
    ...line,
    found: `${found.map(({ type, to }) => `${type} ${to}`).join(", ")} is there already, and not of this stack: a second one is refused`,
    verdict: "missing",
    fix: `take it out of the zone when the stack is to answer; or leave the records of services to others: ${without}`,
  };
}
