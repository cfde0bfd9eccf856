/**
 * The token of a run, as Cloudflare sees it: active, and allowed everything, unless the live store holds another one
 * (`cloudflare:index/apiToken:ApiToken`): its `status`, `missing` for none at all, and its `permissionGroups`, each for reading and
 * writing (`DNS`) or for reading alone (`DNS: Read`).
 */
import type { Properties } from "../../provider/values.ts";
import { CloudError, type Rule } from "../catalogue.ts";
import type { LiveStore } from "../liveStore.ts";
import { valuesAt } from "../references.ts";

const tokenType = "cloudflare:index/apiToken:ApiToken";

/** What the API answers to a token that may not. */
export interface TokenRefusal {
  readonly status: number;
  readonly code: number;
  readonly message: string;
}

/** State of the run's token. */
export function tokenStatus(store: LiveStore): string {
  return String(store.all(tokenType)[0]?.properties.status ?? "active");
}

/**
 * Why a token may not; undefined where it may. Words and codes: Cloudflare API, "Troubleshooting"; terraform-provider-cloudflare#913.
 * @param groups any of which is enough
 */
export function tokenRefusal(store: LiveStore, groups: readonly string[], use: "read" | "write"): TokenRefusal | undefined {
  const [token] = store.all(tokenType);
  if (token === undefined) return undefined;
  const status = tokenStatus(store);
  if (status === "missing") return { status: 400, code: 9106, message: "Missing X-Auth-Key, X-Auth-Email or Authorization headers" };
  if (status !== "active") return { status: 403, code: 9109, message: "Invalid access token" };
  if (token.properties.permissionGroups === undefined) return undefined;
  const held = valuesAt(token.properties, "permissionGroups[]");
  const may = groups.some((group) => held.includes(group) || (use === "read" && held.includes(`${group}: Read`)));
  return may ? undefined : { status: 403, code: 10000, message: "Authentication error" };
}

/** The refusal in the words of the provider's client (cloudflare-go, `apierror.Error`). */
export function refusedByClient(method: string, path: string, { status, code, message }: TokenRefusal): CloudError {
  const errors = JSON.stringify([{ code, message }]);
  const words = status === 403 ? "Forbidden" : status === 404 ? "Not Found" : "Bad Request";
  return new CloudError(
    "failed to make http request",
    `${method} "https://api.cloudflare.com/client/v4${path}": ${status} ${words} {"success":false,"errors":${errors}}`,
  );
}

/** Rules for objects that only a token with the right may make, change and delete. @param groupOf the right, by the object */
export function needsRight(path: string, groupOf: (object: Properties) => string): Rule[] {
  const methods = { create: "POST", update: "PUT", delete: "DELETE" } as const;
  return (["create", "update", "delete"] as const).map((on) => ({
    on,
    enforce: (object, { store }) => {
      const refusal = tokenRefusal(store, [groupOf(object)], "write");
      if (refusal !== undefined) throw refusedByClient(methods[on], `/zones/${String(object.zoneId)}${path}`, refusal);
    },
  }));
}
