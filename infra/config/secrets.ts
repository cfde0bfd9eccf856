/** Config area `secrets`: names of secrets and where their values are kept. The values are nowhere in here. */
import { z } from "zod";
import { secretNamePattern } from "../../components/secrets/secretName.ts";
import { type Problem, removeCommand, setCommand, showValue } from "./problem.ts";
import type { PartialStackConfig } from "./stack.ts";
import { whole } from "./values.ts";

const secret = z
  .strictObject({
    store: z
      .enum(["parameter", "secretsManager"])
      .describe("parameter is an SSM SecureString, cheap, up to 8 KB; secretsManager is an entry of its own, up to 64 KB")
      .meta({ examples: ["parameter"] }),
    description: z
      .string()
      .max(200)
      .optional()
      .describe("what it is for")
      .meta({ examples: ["signs sessions"] }),
    minimumLength: whole(1, 4096, "characters that slipway secrets set asks for at least")
      .default(1)
      .meta({ examples: [32] }),
    rotateDays: whole(1, 3650, "days after which slipway secrets status calls the value old")
      .optional()
      .meta({ examples: [90] }),
  })
  .describe("one secret, without its value");

export const secrets = z
  .record(
    z.string().max(512).regex(secretNamePattern, { error: "secret name: /<system>/<environment>/… with letters, digits, dots, hyphens" }),
    secret,
  )
  .default({})
  .describe("secrets by name; values are set with slipway secrets set and are in no config and no state")
  .meta({ examples: [{ "/coinestate/prod/jwt/secret": { store: "parameter" } }] });

/** Key of a stack's secrets, by the name that `slipway secrets set` and people use. */
export function secretsKeyAlias({ system, environment }: { readonly system: string; readonly environment: string }): string {
  return `alias/${system}-${environment}-secrets`;
}

/** Areas that hold a value which the program keeps secret all the way: the kubeconfig of a cluster, the key of PagerDuty. */
const kept = new Set(["kubernetes", "notifications"]);

/**
 * Encrypted values among the stack's own keys: the program would hand them to resources in clear, and so into the state. No
 * area takes one.
 * @param secretKeys top-level keys that hold an encrypted value somewhere
 */
export function encryptedValueProblems(secretKeys: ReadonlySet<string>): Problem[] {
  return [...secretKeys]
    .filter((key) => !kept.has(key))
    .sort()
    .map((key) => ({
      path: [key],
      found: "has an encrypted value, which would be in clear in the state",
      allowed: "the name of a secret under secrets and services.<name>.secrets, with the value set by slipway secrets set",
    }));
}

/** What is wrong between secrets and the rest of the stack. */
export function secretProblems({ secrets: all, services, system, environment }: PartialStackConfig): Problem[] {
  const names = Object.keys(all ?? {});
  if (all === undefined || names.length === 0) return [];
  const problems: Problem[] = [];
  if (system !== undefined && environment !== undefined) {
    const prefix = `/${system}/${environment}/`;
    for (const name of names.filter((candidate) => !candidate.startsWith(prefix)))
      problems.push({
        path: ["secrets", name],
        found: "is of another system or environment by its name",
        allowed: `a name that starts with ${prefix}, so that environments never share a secret`,
        mend: removeCommand(["secrets", name]),
      });
  }
  // Once a stack declares its secrets, a reference that is not declared is a typing error.
  for (const [service, { secrets: references }] of Object.entries(services ?? {})) {
    for (const [variable, reference] of Object.entries(references)) {
      if (reference.startsWith("arn:") || all[reference] !== undefined) continue;
      problems.push({
        path: ["services", service, "secrets", variable],
        found: `is ${showValue(reference)}, which secrets does not declare`,
        allowed: `one of ${names.slice(0, 6).join(", ")}${names.length > 6 ? " …" : ""}, or an ARN`,
        mend: setCommand(["secrets", reference, "store"], "parameter"),
      });
    }
  }
  return problems;
}
