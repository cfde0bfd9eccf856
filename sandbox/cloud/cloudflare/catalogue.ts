/** Simulated Cloudflare: tables for the generic provider. */
import { factsOf } from "../../facts/facts.ts";
import { type Catalogue, mergeTables, type ServiceTables } from "../catalogue.ts";
import { rulesets } from "./rulesets.ts";
import { zones } from "./zones.ts";

const dns: ServiceTables = {};

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
