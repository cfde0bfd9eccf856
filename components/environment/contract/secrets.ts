/** Config area `secrets`: names of secrets and where their values are kept. The values are nowhere in here. */

import { group, mapByName, range } from "../../contract/fields.ts";
import type { Immutable } from "../../contract/immutable.ts";
import type { z } from "../../contract/zod.ts";
import { parameterArn, secret, secretName } from "../../secrets/contract.ts";
import type { aws } from "./account.ts";

const declared = group("one secret, without its value", {
  ...secret.shape,
  minimumLength: range(1, 4096, "characters that slipway secrets set asks for at least")
    .default(1)
    .meta({ examples: [32] }),
  rotateDays: range(1, 3650, "days after which slipway secrets status calls the value old")
    .optional()
    .meta({ examples: [90] }),
});

export const secrets = mapByName(
  "secrets by name; values are set with slipway secrets set and are in no config and no state",
  secretName,
  declared,
  { "/coinestate/prod/jwt/secret": { store: "parameter" } },
);

type Secrets = Immutable<z.output<typeof secrets>>;

/** Areas that say where a value is. */
interface Areas {
  readonly aws: Immutable<z.output<typeof aws>>;
  readonly secrets: Secrets;
}

/** Where a value is kept: SSM's parameters, or Secrets Manager's entries. */
export type SecretStore = Secrets[string]["store"];

/** Where the value is that a service's `secrets` refer to. */
export interface SecretPlace {
  readonly store: SecretStore;
  /** Name in the store, or the ARN where config gives one. */
  readonly key: string;
  readonly region: string;
  /** Account, 12 digits. */
  readonly account: string;
  /** Config gives the ARN: it is this one secret, in every region of the stack. */
  readonly fixed: boolean;
  /** ARN, where it is known before the secret exists: Secrets Manager adds characters of its own to a name. */
  readonly arn?: string;
}

/**
 * Where a reference leads, which only this function tells: a name to the store that `secrets` declares it in (an undeclared one
 * is a parameter) in the stack's own region and account, an ARN to what it says.
 */
export function secretPlace({ aws, secrets: declared }: Areas, reference: string): SecretPlace {
  const { region, accountId: account } = aws;
  if (reference.startsWith("arn:")) {
    const [, , service, itsRegion = region, itsAccount = account] = reference.split(":");
    const store = service === "secretsmanager" ? "secretsManager" : "parameter";
    return { store, key: reference, region: itsRegion, account: itsAccount, fixed: true, arn: reference };
  }
  const store = declared[reference]?.store ?? "parameter";
  const place = { store, key: reference, region, account, fixed: false };
  return store === "parameter" ? { ...place, arn: parameterArn(region, account, reference) } : place;
}

/** Key of a stack's secrets, by the name that `slipway secrets set` and people use. */
export function secretsKeyAlias({ system, environment }: { readonly system: string; readonly environment: string }): string {
  return `alias/${system}-${environment}-secrets`;
}
