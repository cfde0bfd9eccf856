/** Whether a run may ask Cloudflare and write to it at all. Without a token its provider fails at the first record, in the middle. */
import { allowedToken } from "./cloudflareRights.ts";
import type { Finding, Problem } from "./problem.ts";
import { isSimulated } from "./simulated.ts";
import type { StackConfig } from "./stack.ts";

/** What the provider takes from the environment, each by itself (terraform-provider-cloudflare, internal/provider.go). */
const credentials = [["CLOUDFLARE_API_TOKEN"], ["CLOUDFLARE_API_KEY", "CLOUDFLARE_EMAIL"], ["CLOUDFLARE_API_USER_SERVICE_KEY"]] as const;

/** 40 characters at least, before or after a prefix and a checksum (Cloudflare, "Token formats"). */
const form = /^[\w-]{40,}$/;

type Environment = Readonly<Record<string, string | undefined>>;

/** Whether the token is the one of zeros, by which a preview without a token of its own says that it asks Cloudflare nothing. */
export function isPlaceholder({ CLOUDFLARE_API_TOKEN: token = "" }: Environment): boolean {
  return /^0{40}$/.test(token);
}

/** Whether there is something to ask Cloudflare with: the provider's credentials, or a simulated provider, which needs none. */
export function mayAskCloudflare(environment: Environment): boolean {
  if (isSimulated("cloudflare", environment)) return true;
  return !isPlaceholder(environment) && credentials.some((names) => names.every((name) => (environment[name] ?? "") !== ""));
}

/**
 * What is wrong with the credentials of a run. A preview writes nothing: there a missing token is a warning, and the placeholder nothing. Pure.
 * @param environment of the process
 */
export function cloudflareTokenProblems(
  config: Pick<StackConfig, "dns" | "edge">,
  environment: Environment,
  { preview }: { readonly preview: boolean },
): Problem[] {
  if (config.dns.provider !== "cloudflare" || isSimulated("cloudflare", environment)) return [];
  const { CLOUDFLARE_API_TOKEN: token = "" } = environment;
  const problem = (why: string, severity: "error" | "warning" = "error"): Problem[] => {
    const found: Finding = `is "cloudflare", and ${why}`;
    const reason = "The update would end at the first record, with everything before it made.";
    const fix = "export CLOUDFLARE_API_TOKEN=<token>";
    return [{ path: ["dns", "provider"], found, reason, allowed: allowedToken(config), fix, severity }];
  };
  if (token !== "" && !form.test(token)) return problem(`CLOUDFLARE_API_TOKEN is no token: ${misshapen(token)}`);
  if (isPlaceholder(environment)) return preview ? [] : problem("CLOUDFLARE_API_TOKEN is the placeholder of a preview");
  if (mayAskCloudflare(environment)) return [];
  return problem("CLOUDFLARE_API_TOKEN is not set", preview ? "warning" : "error");
}

/** Why a text is no token, with nothing of it. */
function misshapen(token: string): string {
  if (/[^\w-]/.test(token)) return "it has a character besides letters, digits, - and _, such as a space or an end of line";
  return `it has ${token.length} characters, and a token has 40 or more`;
}
