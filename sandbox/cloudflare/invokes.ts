/** Functions of the Cloudflare provider that read without owning: what its API answers, under the provider's names. */
import type { Invoke } from "../cloud/catalogue.ts";
import { refusedByClient } from "../cloud/cloudflare/token.ts";
import type { LiveStore } from "../cloud/liveStore.ts";
import type { Properties, Value } from "../provider/values.ts";
import { type ExistingZone, simulatedCloudflare } from "./api.ts";

/** @param zone that is there without any stack's doing */
export function zoneInvokes(zone: ExistingZone): Readonly<Record<string, Invoke>> {
  const asked = (store: LiveStore, path: string): Value => {
    const { status, body } = simulatedCloudflare(store, zone)(path);
    const { errors, result } = body as { readonly errors: readonly { code: number; message: string }[]; readonly result: Value };
    const [error] = errors;
    if (error !== undefined) throw refusedByClient("GET", path, { status, ...error });
    return result;
  };
  const list =
    (part: string, keys: readonly string[]): Invoke =>
    ({ zoneId }, { store }) => {
      const found = asked(store, `/zones/${String(zoneId)}${part}`);
      return { id: String(zoneId), zoneId: zoneId ?? null, ...Object.fromEntries(keys.map((key) => [key, found])) };
    };
  return {
    "cloudflare:index/getZone:getZone": ({ zoneId }, { store }) => {
      const { plan, ...found } = asked(store, `/zones/${String(zoneId)}`) as Properties;
      const { legacy_id: legacyId } = (plan ?? {}) as Properties;
      return { ...found, zoneId: zoneId ?? null, ...(legacyId === undefined ? {} : { plan: { legacyId } }) };
    },
    "cloudflare:index/getDnsRecords:getDnsRecords": list("/dns_records", ["results"]),
    "cloudflare:index/getRulesets:getRulesets": list("/rulesets", ["results", "rulesets"]),
    "cloudflare:index/getZoneSetting:getZoneSetting": ({ zoneId, settingId }, { store }) => ({
      ...(asked(store, `/zones/${String(zoneId)}/settings/${String(settingId)}`) as Properties),
      ...{ zoneId: zoneId ?? null, settingId: settingId ?? null },
    }),
  };
}
