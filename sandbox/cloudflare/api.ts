/** Simulated Cloudflare's API, as far as commands ask it: a token's state, a zone, what of it the token may read, its certificates. */
import { rulesetRights } from "../cloud/cloudflare/rulesets.ts";
import { type TokenRefusal, tokenRefusal, tokenStatus } from "../cloud/cloudflare/token.ts";
import type { LiveStore } from "../cloud/liveStore.ts";
import { valuesAt } from "../cloud/references.ts";
import { firewallEvents } from "./analytics.ts";

/** Answers a GET below `/client/v4`, or with a body a POST. */
export type CloudflareApi = (path: string, body?: object) => { readonly status: number; readonly body: object };

/** What a token needs for a part of a zone, by the part's path: one of them. */
const groups: Readonly<Record<string, readonly string[]>> = {
  "": ["Zone"],
  "/dns_records": ["DNS"],
  "/rulesets": rulesetRights,
  "/settings/ssl": ["Zone Settings"],
  "/ssl/certificate_packs": ["SSL and Certificates"],
};

/** A zone that is there without any stack's doing. */
export interface ExistingZone {
  readonly id: string;
  readonly name: string;
}

/**
 * The API with the run's token (`sandbox/cloud/cloudflare/token.ts`). The zone is active, unless the store holds it otherwise (`Zone`).
 * @param zone that is there without any stack's doing
 */
export function simulatedCloudflare(store: LiveStore, zone: ExistingZone): CloudflareApi {
  return (path, body) => {
    if (path === "/graphql") return firewallEvents(store, zone.id, String((body as { readonly query?: unknown } | undefined)?.query));
    if (path === "/user/tokens/verify") return good({ id: "sandbox", status: tokenStatus(store) });
    const [, id, part = "", query = ""] = /^\/zones\/([^/?]+)([^?]*)(.*)/.exec(path) ?? [];
    const needed = groups[part];
    if (needed === undefined) throw new Error(`simulated Cloudflare does not answer GET ${path}`);
    const refusal = tokenRefusal(store, needed, "read");
    if (refusal !== undefined) return refused(refusal);
    const made = store.all("cloudflare:index/zone:Zone").find((one) => one.id === id);
    if (id !== zone.id && made === undefined)
      return refused({ status: 403, code: 9109, message: "Unauthorized to access requested resource" });
    if (part === "/ssl/certificate_packs") return good(certificatePacks(store, zone.name));
    if (part === "/dns_records") return good(recordsOf(store, id ?? "", new URLSearchParams(query).get("name")));
    if (part === "/rulesets") return good(rulesetsOf(store, id ?? ""));
    if (part !== "") return good({ id: "ssl", value: "strict", editable: true });
    const { name = zone.name, status = "active", plan, account = "Simulated" } = made?.properties ?? {};
    return good({ id, name, status, account: { id: "sandbox", name: account }, ...planOf(plan) });
  };
}

/** The plan of a zone that the store holds. */
function planOf(plan: unknown): object {
  return typeof plan === "string" ? { plan: { legacy_id: plan } } : {};
}

function rulesetsOf(store: LiveStore, zoneId: string): object[] {
  return store
    .all("cloudflare:index/ruleset:Ruleset")
    .flatMap(({ id, properties: { zoneId: of, kind, name, phase } }) => (of === zoneId ? [{ id, kind, name, phase }] : []));
}

function recordsOf(store: LiveStore, zoneId: string, name: string | null): object[] {
  const found = store
    .all("cloudflare:index/dnsRecord:DnsRecord")
    .filter(({ properties }) => properties.zoneId === zoneId && (name === null || properties.name === name));
  return found.map(({ id, properties: { name: of, type, content } }) => ({
    ...{ id: id.split("/").at(-1) ?? "", name: String(of), type: String(type), content: String(content) },
  }));
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

function refused({ status, code, message }: TokenRefusal) {
  return { status, body: { success: false, errors: [{ code, message }], result: null } };
}
