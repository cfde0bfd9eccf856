/** Simulated Cloudflare: tables for the generic provider. */
import { factsOf } from "../../facts/facts.ts";
import { type Catalogue, CloudError, mergeTables, onBoth, type Rule, type ServiceTables } from "../catalogue.ts";
import { rulesets } from "./rulesets.ts";
import { zones } from "./zones.ts";

const record = "cloudflare:index/dnsRecord:DnsRecord";

/** A name has addresses or one CNAME, whatever they hold (Cloudflare's API error 81053). */
const aloneAsCname: Rule["enforce"] = ({ zoneId, name, type }, { store, before }) => {
  const addressed = ["A", "AAAA", "CNAME"];
  const rival = store.all(record).find(({ id, properties }) => {
    const meets = properties.zoneId === zoneId && properties.name === name && addressed.includes(String(properties.type));
    return id !== before?.id && meets && addressed.includes(String(type)) && [properties.type, type].includes("CNAME");
  });
  if (rival !== undefined) throw new CloudError("81053", `An A, AAAA, or CNAME record with that host already exists: ${String(name)}`);
};

const dns: ServiceTables = { rules: { [record]: onBoth(aloneAsCname) } };

export const cloudflare: Catalogue = {
  packageName: "cloudflare",
  version: "6.22.1",
  facts: factsOf,
  commonFacts: { framework: true, open: true, properties: {} },
  otherIdentity: () => ({ id: "{hex32}" }),
  ...mergeTables([dns, rulesets, zones]),
  isGlobal: () => true,
  configure: () => ({ account: "zones", region: "" }),
};
