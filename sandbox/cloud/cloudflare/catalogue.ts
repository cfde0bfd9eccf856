/** Simulated Cloudflare: tables for the generic provider. */
import { factsOf } from "../../facts/facts.ts";
import { type Catalogue, mergeTables } from "../catalogue.ts";
import { recordPlans, records } from "./records.ts";
import { rulesets, secretRules } from "./rulesets.ts";
import { zones } from "./zones.ts";

export const cloudflare: Catalogue = {
  packageName: "cloudflare",
  version: "6.22.1",
  facts: factsOf,
  commonFacts: { framework: true, open: true, properties: {} },
  otherIdentity: () => ({ id: "{hex32}" }),
  ...mergeTables([records, rulesets, zones]),
  plans: recordPlans,
  wholeSecrets: secretRules,
  isGlobal: () => true,
  configure: () => ({ account: "zones", region: "" }),
};
