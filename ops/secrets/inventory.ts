/** Which secrets a stack has, by its config alone. */
import { carriedServices, standbys } from "../../components/environment/contract/failover.ts";
import { type SecretStore, secretPlace, secretsKeyAlias } from "../../components/environment/contract/secrets.ts";
import type { StackConfig } from "../../infra/config/stack.ts";
import { UserError } from "../userError.ts";

/** One secret of a stack, without its value. */
export interface SecretEntry {
  /** Name, or ARN where config gives one. */
  readonly name: string;
  readonly store: SecretStore;
  readonly region: string;
  /** Key that a value is encrypted with. @default the service's own */
  readonly keyAlias: string | undefined;
  /** The stack makes the place for it. */
  readonly declared: boolean;
  /** Services and their variables that read it: `api JWT_SECRET`. */
  readonly readers: readonly string[];
  /** Characters that a value has at least. */
  readonly minimumLength: number;
  /** Days after which a value is old. @default never */
  readonly rotateDays: number | undefined;
}

/**
 * Secrets whose value a standby region needs set by itself: parameters of the services that run there. Entries of Secrets Manager
 * are copied by AWS. @throws UserError for a region that the stack does not have
 */
export function standbyInventory(config: StackConfig, region: string): SecretEntry[] {
  const regions = standbys(config).map((standby) => standby.region as string);
  if (!regions.includes(region))
    throw new UserError(`${region} is no standby region of the stack. It has: ${regions.join(", ") || "none"}.`, 2);
  const services = Object.fromEntries(
    carriedServices(config).flatMap((name) => Object.entries(config.services).filter(([own]) => own === name)),
  );
  return secretInventory({ ...config, services })
    .filter(({ name, store }) => store === "parameter" && !secretPlace(config, name).fixed)
    .map((entry) => ({ ...entry, region }));
}

/** Every secret that the stack declares or that one of its services reads, by name. */
export function secretInventory(config: StackConfig): SecretEntry[] {
  const readers = new Map<string, string[]>();
  for (const [service, { secrets }] of Object.entries(config.services)) {
    for (const [variable, reference] of Object.entries(secrets))
      readers.set(reference, [...(readers.get(reference) ?? []), `${service} ${variable}`]);
  }
  const names = [...new Set([...Object.keys(config.secrets), ...readers.keys()])].sort();
  return names.map((name) => {
    const declared = config.secrets[name];
    const { store, region } = secretPlace(config, name);
    return {
      name,
      store,
      region,
      keyAlias: declared === undefined ? undefined : secretsKeyAlias(config),
      declared: declared !== undefined,
      readers: (readers.get(name) ?? []).sort(),
      minimumLength: declared?.minimumLength ?? 1,
      rotateDays: declared?.rotateDays,
    };
  });
}
