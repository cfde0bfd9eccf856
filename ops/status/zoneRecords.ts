/** Records of the stack in its zone: gone, or beside them one that no state holds. Other names of the zone are other people's. */
import type { ResourceRecordSet } from "@aws-sdk/client-route-53";
import { z } from "zod";
import type { Aws } from "../aws/aws.ts";
import { openCloudflare } from "../cloudflare/cloudflare.ts";
import type { StateResource } from "../engine/state.ts";
import type { AskedWithState } from "./asked.ts";

/** One record that is not as the state has it. */
export interface RecordStatus {
  readonly name: string;
  /** `A`, `CNAME`… */
  readonly type: string;
  /** `gone`: the state holds it and the zone does not; `foreign`: the zone has it beside the stack's own. */
  readonly state: "gone" | "foreign";
}

const cloudflareRecord = "cloudflare:index/dnsRecord:DnsRecord";
const route53Record = "aws:route53/record:Record";

/** Records that Cloudflare lists in one page (API reference, List DNS Records: `per_page`). */
const page = 5000;

const listed = z.array(z.looseObject({ id: z.string(), name: z.string(), type: z.string() }));

/** A record by what both sides know of it. */
interface Named {
  readonly name: string;
  readonly type: string;
}

/** Asks each provider that the state has records at. */
export async function strayRecords(asked: AskedWithState): Promise<RecordStatus[]> {
  const of = (type: string) => asked.state.resources.filter((one) => one.type === type && one.delete !== true);
  const [cloudflare, route53] = await Promise.all([atCloudflare(of(cloudflareRecord), asked), atRoute53(of(route53Record), asked)]);
  return [...cloudflare, ...route53];
}

/** Cloudflare's records have ids of their own. */
async function atCloudflare(own: readonly StateResource[], { stack }: AskedWithState): Promise<RecordStatus[]> {
  if (own.length === 0) return [];
  const { zoneId } = stack.config.dns;
  const there = await (await openCloudflare(stack)).get(`/zones/${zoneId}/dns_records?per_page=${page}`, listed);
  const ids = new Set(there.map(({ id }) => id));
  const held = new Set(own.map(({ id = "" }) => id.split("/").at(-1) ?? ""));
  return [
    ...own.filter(({ id = "" }) => !ids.has(id.split("/").at(-1) ?? "")).map((one) => ({ ...namedIn(one), state: "gone" as const })),
    ...foreign(
      own.map(namedIn),
      there.filter(({ id }) => !held.has(id)),
    ),
  ];
}

/** Route 53 knows a record by its name, its type and its set. */
async function atRoute53(own: readonly StateResource[], { stack, aws }: AskedWithState): Promise<RecordStatus[]> {
  const zones = Map.groupBy(own, ({ outputs = {} }) => String(outputs.zoneId));
  const found = [...zones].map(async ([HostedZoneId, records]): Promise<RecordStatus[]> => {
    const asked = setsOf(aws, stack.config.aws.region, HostedZoneId);
    const sets = await aws.told(`Records of the zone ${HostedZoneId} cannot be read`, asked);
    const there = sets.map(({ Name = "", Type = "", SetIdentifier = "" }) => ({
      name: plain(Name),
      type: String(Type),
      set: SetIdentifier,
    }));
    const keyOf = ({ name, type, set }: Named & { readonly set: string }) => `${name} ${type} ${set}`;
    const live = new Set(there.map(keyOf));
    const held = records.map((one) => ({ ...namedIn(one), set: String(one.outputs?.setIdentifier ?? "") }));
    const keys = new Set(held.map(keyOf));
    return [
      ...held.filter((one) => !live.has(keyOf(one))).map(({ name, type }) => ({ name, type, state: "gone" as const })),
      ...foreign(
        held,
        there.filter((one) => !keys.has(keyOf(one))),
      ),
    ];
  });
  return (await Promise.all(found)).flat();
}

/** Every set of a zone: the client has no paginator for them. */
async function setsOf(aws: Aws, region: string, HostedZoneId: string): Promise<ResourceRecordSet[]> {
  const route53 = await aws.client("route53", region);
  const all: ResourceRecordSet[] = [];
  let start: object = {};
  for (;;) {
    const { ResourceRecordSets = [], IsTruncated, ...next } = await route53.listResourceRecordSets({ HostedZoneId, ...start });
    all.push(...ResourceRecordSets);
    if (IsTruncated !== true) return all;
    start = {
      StartRecordName: next.NextRecordName,
      StartRecordType: next.NextRecordType,
      StartRecordIdentifier: next.NextRecordIdentifier,
    };
  }
}

/** Types that lead a name somewhere. */
const leading = new Set(["A", "AAAA", "CNAME"]);

/** Of the same name as one of the stack's that leads somewhere, a second one sends part of the users elsewhere. */
function foreign(own: readonly Named[], others: readonly Named[]): RecordStatus[] {
  const names = new Set(own.filter(({ type }) => leading.has(type)).map(({ name }) => name));
  return others
    .filter(({ name, type }) => leading.has(type) && names.has(name))
    .map(({ name, type }) => ({ name, type, state: "foreign" }));
}

function namedIn({ inputs = {}, outputs = inputs }: StateResource): Named {
  return { name: plain(String(outputs.fqdn ?? outputs.name)), type: String(outputs.type) };
}

/** Route 53 ends names with a dot and writes a star as \052. */
function plain(name: string): string {
  return name
    .replace(/\.$/, "")
    .replace(/^\\052/, "*")
    .toLowerCase();
}
