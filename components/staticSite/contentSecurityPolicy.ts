/** The Content-Security-Policy of a site: closed by default, open to the stack's own origins and to what is named. */
import type { ArgumentProblem } from "../contract/argumentProblem.ts";

/** Directives that take sources. */
export const sourceDirectives = [
  "base-uri",
  "child-src",
  "connect-src",
  "default-src",
  "font-src",
  "form-action",
  "frame-ancestors",
  "frame-src",
  "img-src",
  "manifest-src",
  "media-src",
  "object-src",
  "script-src",
  "style-src",
  "worker-src",
] as const;

type SourceDirective = (typeof sourceDirectives)[number];

/** What a policy is made from. */
export interface ContentSecurityPolicyArgs {
  /** Hosts that the site's code calls over HTTPS and web sockets, for example `api.coinestate.io`. @default none */
  readonly apiHosts?: readonly string[];
  /** Sources besides the defaults, by directive. @default none */
  readonly sources?: Readonly<Partial<Record<SourceDirective, readonly string[]>>>;
}

/** Longest value of a header that CloudFront adds, characters (its default quota). */
export const longestPolicy = 1783;

/** What holds without any config: everything from the site itself, no plug-ins, no framing by others. */
const defaults: Readonly<Partial<Record<SourceDirective, readonly string[]>>> = {
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

const source =
  /^(?:'(?:self|none|unsafe-inline|unsafe-eval|wasm-unsafe-eval|strict-dynamic|report-sample|unsafe-hashes|sha(?:256|384|512)-[\w+/]+={0,2})'|(?:data|blob|mediastream|filesystem):|(?:(?:https|wss):\/\/)?(?:\*\.)?(?:[a-z0-9-]+\.)+[a-z]{2,}(?::\d{1,5})?(?:\/[^\s;,'"]*)?)$/i;

/** Whether a text may stand as a source: a host (`*.` in front allowed), a scheme such as `data:`, or a keyword in single quotes. */
export function isSource(text: string): boolean {
  return source.test(text);
}

/** Everything wrong with a policy's parts: an open `*`, plain HTTP, and whatever would end the directive or the header. */
export function contentSecurityPolicyProblems(args: ContentSecurityPolicyArgs): ArgumentProblem[] {
  const problems = Object.entries(args.sources ?? {}).flatMap(([directive, values]) => {
    if (!sourceDirectives.some((known) => known === directive))
      return [
        { propertyPath: `contentSecurityPolicy.${directive}`, reason: `is not a directive; give one of ${sourceDirectives.join(", ")}` },
      ];
    return (values ?? []).flatMap((value, index) =>
      isSource(value)
        ? []
        : [
            {
              propertyPath: `contentSecurityPolicy.${directive}[${index}]`,
              reason: `is ${value}; give a host such as *.sentry.io, a scheme such as data:, or a keyword such as 'unsafe-inline' in single quotes`,
            },
          ],
    );
  });
  if (problems.length > 0) return problems;
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
