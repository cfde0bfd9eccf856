/** Whether an update may write to Cloudflare at all. Without a token its provider fails at the first record, in the middle. */
import type { Problem } from "./problem.ts";
import { isSimulated } from "./simulated.ts";
import type { StackConfig } from "./stack.ts";

/** What the provider takes from the environment, each by itself (terraform-provider-cloudflare, internal/provider.go). */
const credentials = [["CLOUDFLARE_API_TOKEN"], ["CLOUDFLARE_API_KEY", "CLOUDFLARE_EMAIL"], ["CLOUDFLARE_API_USER_SERVICE_KEY"]] as const;

/** What is wrong for an update. Pure. @param environment of the process */
export function cloudflareTokenProblems(
  { dns }: Pick<StackConfig, "dns">,
  environment: Readonly<Record<string, string | undefined>>,
): Problem[] {
  const given = credentials.some((names) => names.every((name) => (environment[name] ?? "") !== ""));
  if (dns.provider !== "cloudflare" || given || isSimulated("cloudflare", environment)) return [];
  return [
    {
      path: ["dns", "provider"],
      found: 'is "cloudflare", and CLOUDFLARE_API_TOKEN is not set',
      reason: "The update would end at the first record, with everything before it made.",
      allowed: "a token that may edit the zone's records; docs/first-up.md has its rights",
      fix: "export CLOUDFLARE_API_TOKEN=<token>",
    },
  ];
}
