/** The Content-Security-Policy of a site: closed by default, open to the stack's own origins and to what is named. */

import type { Given } from "../contract/accepted.ts";
import type { ArgumentProblem } from "../contract/argumentProblem.ts";
import { sourceDirectives, type staticSite } from "./contract.ts";

/** Sources by directive. */
type SiteSources = NonNullable<Given<typeof staticSite>["contentSecurityPolicy"]>;

/** What a policy is made from. */
export interface ContentSecurityPolicyArgs {
  /** Hosts that the site's code calls over HTTPS and web sockets, for example `api.coinestate.io`. @default none */
  readonly apiHosts?: readonly string[];
  /** Sources besides the defaults, by directive. @default none */
  readonly sources?: SiteSources;
}

/** Longest value of a header that CloudFront adds, characters (its default quota). */
export const longestPolicy = 1783;

/** What holds without any config: everything from the site itself, no plug-ins, no framing by others. */
const defaults: SiteSources = {
  "base-uri": ["'self'"],
  "connect-src": ["'self'"],
  "default-src": ["'self'"],
  "font-src": ["'self'"],
  "form-action": ["'self'"],
  "frame-ancestors": ["'none'"],
  "img-src": ["'self'", "data:"],
  "object-src": ["'none'"],
  "script-src": ["'self'"],
  "style-src": ["'self'"],
};

/** A problem when the header would be longer than CloudFront takes. */
export function policyLengthProblems(args: ContentSecurityPolicyArgs): ArgumentProblem[] {
  const { length } = contentSecurityPolicy(args);
  if (length <= longestPolicy) return [];
  return [{ propertyPath: "contentSecurityPolicy", reason: `is ${length} characters long; CloudFront takes ${longestPolicy}` }];
}

/**
 * The policy as one line. The same parts in any order give the same text, so that a reordered config changes nothing.
 * Web sockets are named by host: not every browser counts `wss:` on the site's own host as `'self'`.
 */
export function contentSecurityPolicy({ apiHosts = [], sources = {} }: ContentSecurityPolicyArgs): string {
  const origins = apiHosts.flatMap((host) => [`https://${host}`, `wss://${host}`]);
  const directives = sourceDirectives.flatMap((directive) => {
    const own = [...(defaults[directive] ?? []), ...(directive === "connect-src" ? origins : [])];
    const added = sources[directive] ?? [];
    // 'none' is only valid alone: naming a source takes its place.
    const all = added.length > 0 ? [...own.filter((value) => value !== "'none'"), ...added] : own;
    if (all.length === 0) return [];
    const closed = all.includes("'none'") ? ["'none'"] : [...new Set(all)].sort();
    return [`${directive} ${closed.join(" ")}`];
  });
  return [...directives, "upgrade-insecure-requests"].join("; ");
}
