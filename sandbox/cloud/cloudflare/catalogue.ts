/** Simulated Cloudflare: tables for the generic provider. */
import { factsOf } from "../../facts/facts.ts";
import type { Catalogue } from "../catalogue.ts";

export const cloudflare: Catalogue = {
  packageName: "cloudflare",
  version: "6.22.1",
  facts: factsOf,
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
  references: {},
  refusals: {},
  uniques: {
    "cloudflare:index/dnsRecord:DnsRecord": [
      { by: ["zoneId", "name", "type", "content"], refusal: "81058: An identical record already exists: {name} {type}" },
    ],
  },
  rules: {},
  invokes: {},
  isGlobal: () => true,
  configure: () => ({ account: "zones", region: "" }),
};
