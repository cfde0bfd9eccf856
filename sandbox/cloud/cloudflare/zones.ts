/** Settings and signature of a zone. Settings are never created or deleted: they are set, and stay. */
import { CloudError, type ServiceTables } from "../catalogue.ts";

const setting = "cloudflare:index/zoneSetting:ZoneSetting";
const dnssec = "cloudflare:index/zoneDnssec:ZoneDnssec";

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
  identities: {
    [setting]: { id: "{settingId}", outputs: { editable: true, modifiedOn: "2026-01-01T00:00:00Z", timeRemaining: 0 } },
    [dnssec]: {
      id: "{zoneId}",
      outputs: {
        algorithm: "13",
        digest: "{hex32}{hex32}",
        digestAlgorithm: "SHA256",
        digestType: "2",
        ds: "zone. 3600 IN DS 2371 13 2 {digest}",
        flags: 257,
        keyTag: 2371,
        keyType: "ECDSAP256SHA256",
        modifiedOn: "2026-01-01T00:00:00Z",
        publicKey: "{hex32}",
      },
    },
  },
  uniques: { [setting]: [{ by: ["zoneId", "settingId"], refusal: "1004: the setting {settingId} of the zone is managed twice" }] },
  rules: {
    [setting]: [
      { on: "create", enforce: refuseValue },
      { on: "update", enforce: refuseValue },
    ],
  },
};
