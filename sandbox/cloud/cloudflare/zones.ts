/** Settings and signature of a zone. Neither is ever created or deleted: they are set, and stay. */
import { isObject, type Properties, type Value } from "../../provider/values.ts";
import { CloudError, type Outcome, onBoth, onDelete, type ServiceTables } from "../catalogue.ts";
import { needsRight } from "./token.ts";

const setting = "cloudflare:index/zoneSetting:ZoneSetting";
const signature = "cloudflare:index/zoneDnssec:ZoneDnssec";

const onOff = ["on", "off"];

/** Ids of settings, with the values of those that have a closed choice (provider's page of zone_setting, "Available Setting IDs"). */
const values: Readonly<Record<string, readonly unknown[] | undefined>> = {
  ...Object.fromEntries(
    [
      ...["0rtt", "advanced_ddos", "always_online", "always_use_https", "automatic_https_rewrites", "brotli", "browser_check"],
      ...["content_converter", "development_mode", "early_hints", "email_obfuscation", "hotlink_protection", "http2", "http3"],
      ...["ip_geolocation", "ipv6", "mirage", "opportunistic_encryption", "opportunistic_onion", "orange_to_orange"],
      ...["origin_error_page_pass_thru", "pre_render", "prefetch_preload", "privacy_pass", "redirects_for_ai_training"],
      ...["replace_insecure_js", "response_buffering", "rocket_loader", "search_for_agents", "server_side_exclude", "sha1_support"],
      ...["sort_query_string_for_cache", "tls_1_2_only", "tls_client_auth", "true_client_ip_header", "waf", "webmcp_enabled", "webp"],
      "websockets",
    ].map((id) => [id, onOff]),
  ),
  ...Object.fromEntries(
    [
      ...["aegis", "automatic_platform_optimization", "browser_cache_ttl", "challenge_ttl", "ciphers", "edge_cache_ttl", "max_upload"],
      ...["nel", "origin_h2_max_streams", "proxy_read_timeout", "security_header", "ssl_recommender", "transformations_allowed_origins"],
      "webmcp_packs",
    ].map((id) => [id, undefined]),
  ),
  cache_level: ["aggressive", "basic", "simplified"],
  cname_flattening: ["flatten_at_root", "flatten_all"],
  h2_prioritization: ["on", "off", "custom"],
  image_resizing: ["on", "off", "open"],
  min_tls_version: ["1.0", "1.1", "1.2", "1.3"],
  origin_max_http_version: ["2", "1"],
  polish: ["off", "lossless", "lossy"],
  pseudo_ipv4: ["off", "add_header", "overwrite_header"],
  security_level: ["off", "essentially_off", "low", "medium", "high", "under_attack"],
  ssl: ["off", "flexible", "full", "strict", "origin_pull"],
  tls_1_3: ["on", "off", "zrt"],
  transformations: ["on", "off", "open"],
};

const refuseValue = ({ settingId, value }: Properties) => {
  const name = String(settingId);
  if (!Object.hasOwn(values, name)) throw new CloudError("1003", `Undefined zone setting: ${name}`);
  const allowed = values[name];
  if (allowed !== undefined && !allowed.includes(value)) throw new CloudError("1007", `Invalid value for zone setting ${name}`);
};

/** What of a value is another, key by key: an update of the provider sends that alone (terraform-provider-cloudflare#6447). */
function changedKeys(before: Value | undefined, after: Value): Value {
  if (!isObject(before) || !isObject(after)) return after;
  const changed = Object.entries(after).filter(([key, value]) => JSON.stringify(value) !== JSON.stringify(before[key]));
  return Object.fromEntries(changed.map(([key, value]) => [key, changedKeys(before[key], value)]));
}

/** What Cloudflare keeps, while the provider believes that all is as it wished. What becomes of keys that were not sent is nowhere said: they are gone. */
const kept: Outcome = (object, { store, before }) => {
  const { zoneId, settingId, value = null } = object.properties;
  const earlyData = store
    .all(setting)
    .some(({ properties: other }) => other.zoneId === zoneId && other.settingId === "0rtt" && other.value === "on");
  const live = settingId === "tls_1_3" && value === "on" && earlyData ? "zrt" : changedKeys(before?.properties.value, value);
  store.put({ ...object, properties: { ...object.properties, value: live } });
  return undefined;
};

/** A signature waits for the registrar's DS record (Cloudflare, "DNSSEC states"; tf-migrate#236). */
const waits: Outcome = (object, { store, before }) => {
  if (object.properties.status === "active" && before?.properties.status !== "active")
    store.put({ ...object, properties: { ...object.properties, status: "pending" } });
  return undefined;
};

export const zones: ServiceTables = {
  rules: {
    // The provider's deletion of a setting asks for nothing.
    [setting]: [...needsRight("/settings", () => "Zone Settings").filter(({ on }) => on !== "delete"), ...onBoth(refuseValue)],
    [signature]: [
      ...needsRight("/dnssec", () => "DNS"),
      ...onDelete((object, { store, before }) => {
        if (before !== undefined) store.put({ ...before, properties: { ...object, status: "disabled" } });
      }),
    ],
  },
  // A setting's id is its name in every zone.
  identities: { [setting]: { key: ({ zoneId, settingId }) => `${String(zoneId)}.${String(settingId)}` } },
  outcomes: { [setting]: kept, [signature]: waits },
};
