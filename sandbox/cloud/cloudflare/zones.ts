/** Settings and signature of a zone. Settings are never created or deleted: they are set, and stay. */
import { CloudError, onBoth, type ServiceTables } from "../catalogue.ts";
import { needsRight } from "./token.ts";

const setting = "cloudflare:index/zoneSetting:ZoneSetting";
const signature = "cloudflare:index/zoneDnssec:ZoneDnssec";

/** Values of the settings that have a closed choice. */
const values: Readonly<Record<string, readonly unknown[]>> = {
  always_use_https: ["on", "off"],
  automatic_https_rewrites: ["on", "off"],
  min_tls_version: ["1.0", "1.1", "1.2", "1.3"],
  ssl: ["off", "flexible", "full", "strict", "origin_pull"],
  tls_1_3: ["on", "off", "zrt"],
};

const refuseValue = ({ settingId, value }: { readonly [key: string]: unknown }) => {
  const name = String(settingId);
  if (!/^[a-z0-9]+(_[a-z0-9]+)*$/.test(name)) throw new CloudError("1003", `Undefined zone setting: ${name}`);
  const allowed = values[name];
  if (allowed !== undefined && !allowed.includes(value)) throw new CloudError("1007", `Invalid value for zone setting ${name}`);
};

export const zones: ServiceTables = {
  rules: {
    [setting]: [...needsRight("/settings", () => "Zone Settings"), ...onBoth(refuseValue)],
    [signature]: needsRight("/dnssec", () => "DNS"),
  },
};
