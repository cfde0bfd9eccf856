/** Simulated Cloudflare's API, as far as commands ask it: a token's state, a zone, what of it the token may read, its certificates. */
import type { LiveStore } from "../cloud/liveStore.ts";
import { valuesAt } from "../cloud/references.ts";

/** Answers a GET below `/client/v4`. */
export type CloudflareApi = (path: string) => { readonly status: number; readonly body: object };

/** What a token needs for a part of a zone, by the part's path. */
const groups: Readonly<Record<string, string>> = {
  "": "Zone",
  "/dns_records": "DNS",
  "/rulesets": "Zone WAF",
  "/settings/ssl": "Zone Settings",
  "/ssl/certificate_packs": "SSL and Certificates",
};

/**
 * The API with whoever's token. The token may do everything, unless the live store holds another one (`ApiToken`); the zone is
 * active, unless the store holds it otherwise (`Zone`).
 * @param zone that is there without any stack's doing
 */
export function simulatedCloudflare(store: LiveStore, zone: { readonly id: string; readonly name: string }): CloudflareApi {
  const [token] = store.all("cloudflare:index/apiToken:ApiToken");
  return (path) => {
    if (path === "/user/tokens/verify") return good({ id: "sandbox", status: String(token?.properties.status ?? "active") });
    const [, id, part = "", query = ""] = /^\/zones\/([^/?]+)([^?]*)(.*)/.exec(path) ?? [];
    const group = groups[part];
    if (group === undefined) throw new Error(`simulated Cloudflare does not answer GET ${path}`);
    if (id !== zone.id) return refused(403, 9109, "Unauthorized to access requested resource");
    if (token !== undefined && !valuesAt(token.properties, "permissionGroups[]").includes(group))
      return refused(403, 10000, "Authentication error");
    if (part === "/ssl/certificate_packs") return good(certificatePacks(store, zone.name));
    if (part === "/dns_records") return good(recordsOf(store, id, new URLSearchParams(query).get("name")));
    if (part !== "") return good([]);
    const made = store.all("cloudflare:index/zone:Zone").find((one) => one.id === id);
    return good({
      id,
      name: String(made?.properties.name ?? zone.name),
      status: String(made?.properties.status ?? "active"),
      ...planOf(made?.properties.plan),
    });
  };
}

/** The plan of a zone that the store holds. */
function planOf(plan: unknown): object {
  return typeof plan === "string" ? { plan: { legacy_id: plan } } : {};
}

function recordsOf(store: LiveStore, zoneId: string, name: string | null): object[] {
  const all = store.all("cloudflare:index/dnsRecord:DnsRecord").map(({ properties }) => properties);
  const found = all.filter((one) => one.zoneId === zoneId && (name === null || one.name === name));
  return found.map(({ name: of, type, content }) => ({ name: String(of), type: String(type), content: String(content) }));
}

/** Every zone has a universal one, for its name and one level below (Cloudflare, Universal SSL: limitations). */
function certificatePacks(store: LiveStore, zone: string): object[] {
  const ordered = store.all("cloudflare:index/certificatePack:CertificatePack").map(({ properties }) => ({
    ...{ type: String(properties.type), status: String(properties.status ?? "active"), hosts: valuesAt(properties, "hosts[]") },
  }));
  return [{ type: "universal", status: "active", hosts: [zone, `*.${zone}`] }, ...ordered];
}

function good(result: object) {
  return { status: 200, body: { success: true, errors: [], result } };
}

function refused(status: number, code: number, message: string) {
  return { status, body: { success: false, errors: [{ code, message }], result: null } };
}
