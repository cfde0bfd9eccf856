/** The environment in which the commands of a run speak to nothing that the person's own names. */

/** The person's own environment but for what names accounts, backends and proxies. */
export function withoutAccounts(environment: NodeJS.ProcessEnv): Record<string, string> {
  const named = /^(AWS_|PULUMI_|CLOUDFLARE_|SLIPWAY_(?!CACHE$))|^(HTTPS?|ALL|NO)_PROXY$/i;
  return Object.fromEntries(
    Object.entries(environment).flatMap(([key, value]) => (named.test(key) || value === undefined ? [] : [[key, value]])),
  );
}
