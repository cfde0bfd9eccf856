/** DNS records of a zone: which of them a name takes beside each other (Cloudflare, "Records with the same name"). */
import type { Properties } from "../../provider/values.ts";
import { CloudError, onBoth, type Plan, type Rule, type ServiceTables } from "../catalogue.ts";
import { needsRight } from "./token.ts";

const record = "cloudflare:index/dnsRecord:DnsRecord";

/** Types that lead somewhere; the other types of a name stand beside anything but a CNAME's or name servers' own. */
const leading = ["A", "AAAA", "CNAME"];

/** One CNAME, or addresses, or name servers: whatever they hold. */
const besideEachOther: Rule["enforce"] = ({ zoneId, name, type }, { store, before }) => {
  const mine = String(type);
  const others = store
    .all(record)
    .filter(({ id, properties }) => id !== before?.id && properties.zoneId === zoneId && properties.name === name)
    .map(({ properties }) => String(properties.type));
  const meets = (rivals: readonly string[]) => others.some((other) => rivals.includes(other));
  const refuse = (code: string, what: string) => new CloudError(code, `${what} record with that host already exists: ${String(name)}`);
  if (mine === "CNAME" && meets(leading)) throw refuse("81053", "An A, AAAA, or CNAME");
  if (leading.includes(mine) && meets(["CNAME"])) throw refuse("81054", "A CNAME");
  if ((leading.includes(mine) && meets(["NS"])) || (mine === "NS" && meets(leading))) throw refuse("81056", "An NS or other");
};

/** Only what leads to a web server can be answered for. */
const proxiable: Rule["enforce"] = ({ type, proxied }) => {
  if (proxied === true && !leading.includes(String(type)))
    throw new CloudError("9004", `This record type cannot be proxied: ${String(type)}`);
};

/** The provider's own validator (resource_cloudflare_dns_record). */
const ownTime: Plan = ({ proxied, ttl }: Properties) =>
  proxied === true && ttl !== undefined && ttl !== 1 ? "ttl must be set to 1 when `proxied` is true" : undefined;

export const recordPlans: Readonly<Record<string, Plan>> = { [record]: ownTime };

export const records: ServiceTables = {
  rules: { [record]: [...needsRight("/dns_records", () => "DNS"), ...onBoth(besideEachOther, proxiable)] },
};
