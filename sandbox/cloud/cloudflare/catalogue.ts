/** Simulated Cloudflare: tables for the generic provider. */
import { factsOf } from "../../facts/facts.ts";
import { type Catalogue, mergeTables, type ServiceTables } from "../catalogue.ts";
import { rulesets } from "./rulesets.ts";
import { zones } from "./zones.ts";

const dns: ServiceTables = {
  identities: {
    "cloudflare:index/dnsRecord:DnsRecord": {
      id: "{hex32}",
      outputs: {
        proxiable: true,
        createdOn: "2026-01-01T00:00:00Z",
        modifiedOn: "2026-01-01T00:00:00Z",
        commentModifiedOn: "",
        tagsModifiedOn: "",
        meta: "{}",
      },
      autoName: "",
    },
  },
  uniques: {
    "cloudflare:index/dnsRecord:DnsRecord": [
      { by: ["zoneId", "name", "type", "content"], refusal: "81058: An identical record already exists: {name} {type}" },
    ],
  },
};

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
