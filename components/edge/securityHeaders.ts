/** Headers that tell browsers what a page may do. */

import type { Accepted } from "../contract/accepted.ts";
import type { securityHeaders as contract } from "./contract.ts";

/** What the headers say. */
export type SecurityHeaders = Accepted<typeof contract>;

/** The headers by name. @param apiHosts hosts that pages of the stack talk to; they are added to `connect-src` */
export function securityHeaders(say: SecurityHeaders, apiHosts: readonly string[]): Record<string, string> {
  const { maxAgeSeconds, includeSubdomains, preload } = say.strictTransportSecurity;
  const policy = contentSecurityPolicy(say.contentSecurityPolicy, apiHosts);
  return {
    ...(policy === "" ? {} : { "Content-Security-Policy": policy }),
    "Referrer-Policy": say.referrerPolicy,
    "Strict-Transport-Security": [
      `max-age=${maxAgeSeconds}`,
      ...(includeSubdomains ? ["includeSubDomains"] : []),
      ...(preload ? ["preload"] : []),
    ].join("; "),
    "X-Content-Type-Options": "nosniff",
    "X-DNS-Prefetch-Control": say.dnsPrefetchControl,
    "X-Frame-Options": say.frameOptions,
    "X-XSS-Protection": "1; mode=block",
  };
}

/** The policy on one line, its directives in the order of their names. Where pages may connect, they may reach the stack's own API. */
function contentSecurityPolicy(directives: Readonly<Record<string, readonly string[]>>, apiHosts: readonly string[]): string {
  return Object.entries(directives)
    .sort(([a], [b]) => (a < b ? -1 : 1))
    .map(([directive, sources]) => {
      const own = directive === "connect-src" ? [...apiHosts].sort().map((host) => `https://${host}`) : [];
      return [directive, ...new Set([...sources, ...own])].join(" ").replaceAll(/\s+/g, " ");
    })
    .join("; ");
}
