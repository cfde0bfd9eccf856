/**
 * Simulated Cloudflare's GraphQL analytics, as far as commands ask them: what the firewall did. An event is an object of the live store
 * (`cloudflare:simulated/firewallEvent:FirewallEvent`): zoneId, action, clientCountryName, clientIP, clientRequestPath, ruleId, source, datetime.
 */
import { tokenRefusal } from "../cloud/cloudflare/token.ts";
import type { LiveStore } from "../cloud/liveStore.ts";
import type { Properties } from "../provider/values.ts";

const eventType = "cloudflare:simulated/firewallEvent:FirewallEvent";

/** Answers a query of `firewallEventsAdaptiveGroups`. @param ownZone id of the zone that is there without any stack's doing. Refusals come with status 200, as GraphQL has them. */
export function firewallEvents(store: LiveStore, ownZone: string, query: string) {
  const [, id = ""] = /zoneTag: "([^"]+)"/.exec(query) ?? [];
  if (!query.includes("firewallEventsAdaptiveGroups")) throw new Error(`simulated Cloudflare does not answer the query ${query}`);
  // Words: lablabs/cloudflare-exporter#81 of a token without the right, #13 of a zone on the plan free.
  if (tokenRefusal(store, ["Analytics"], "read") !== undefined) return refused(`zones ["${id}"] are not authorized`);
  const made = store.all("cloudflare:index/zone:Zone").find((one) => one.id === id);
  if (id !== ownZone && made === undefined) return refused(`zones ["${id}"] are not authorized`);
  if (made?.properties.plan === "free") return refused(`zone '${id}' does not have access to the path`);
  const [, from = "", to = ""] = /datetime_geq: "([^"]+)", datetime_leq: "([^"]+)"/.exec(query) ?? [];
  const actions = JSON.parse(/action_in: (\[[^\]]*\])/.exec(query)?.[1] ?? "[]") as string[];
  const fields = (/dimensions \{ ([^}]*) \}/.exec(query)?.[1] ?? "").split(" ");
  const events = store
    .all(eventType)
    .map(({ properties }) => properties)
    .filter(
      ({ zoneId, datetime, action }) =>
        zoneId === id && String(datetime) >= from && String(datetime) <= to && actions.includes(String(action)),
    );
  const groups = new Map<string, { count: number; dimensions: Properties }>();
  for (const event of events) {
    const dimensions = Object.fromEntries(fields.map((field) => [field, event[field] ?? ""]));
    const key = JSON.stringify(dimensions);
    groups.set(key, { count: (groups.get(key)?.count ?? 0) + 1, dimensions });
  }
  const found = [...groups.values()].sort((a, b) => b.count - a.count);
  return { status: 200, body: { data: { viewer: { zones: [{ firewallEventsAdaptiveGroups: found }] } }, errors: null } };
}

function refused(message: string) {
  return { status: 200, body: { data: null, errors: [{ message, path: ["viewer", "zones", "0"], extensions: { code: "authz" } }] } };
}
