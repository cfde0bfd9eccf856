/** What the first tasks of a service need and no update makes: images, and values of secrets. */
import { log, type ProviderResource } from "@pulumi/pulumi";
import { isSimulated } from "../config/simulated.ts";
import type { StackConfig } from "../config/stack.ts";
import { missingImages, pushCommands } from "./missingImages.ts";
import { missingSecrets, setCommands } from "./missingSecrets.ts";
import { registryHas } from "./registry.ts";
import type { StateResources } from "./releaseInState.ts";
import { storeHas } from "./secretStores.ts";

/** Services whose tasks could not start. */
export interface Awaiting {
  /** By AWS region. */
  readonly services: Readonly<Record<string, readonly string[]>>;
  /** What is missing, a sentence each. */
  readonly reasons: readonly string[];
  /** What to do about it, in the order in which it works. */
  readonly commands: readonly string[];
}

/**
 * Asks registry and stores for what services need that the state does not run yet. What nobody can tell is warned of, and not missing.
 * @param stack as `slipway --stack` names it
 * @returns undefined when nothing is missing
 */
export async function awaited(
  config: StackConfig,
  state: StateResources,
  provider: ProviderResource | undefined,
  stack: string,
): Promise<Awaiting | undefined> {
  const [images, secrets] = await Promise.all([
    told("the images of new services are there", missingImages(config, state, registryHas(provider, config.aws.accountId))),
    told("the secrets of new tasks have values", missingSecrets(config, state, storeHas(provider))),
  ]);
  const missing = [...images.map(({ service, tasksIn }) => ({ service, region: tasksIn })), ...secrets];
  if (missing.length === 0) return undefined;
  const services = Object.fromEntries(
    [...Map.groupBy(missing, ({ region }) => region)].map(([region, of]) => [region, [...new Set(of.map(({ service }) => service))]]),
  );
  const reasons = [
    ...said(
      images,
      (names) =>
        `The registry ${images.some(({ refused }) => refused === true) ? "does not give" : "does not have"} the images of ${names} yet, so their tasks could not start.`,
    ),
    ...said(secrets, (names) => `Secrets of ${names} have no value yet, so their tasks could not start.`),
  ];
  const simulated = isSimulated("aws");
  const commands = [
    ...pushCommands(images, stack, config.aws.accountId, simulated),
    ...setCommands(secrets, stack, config.aws.region, simulated),
    ...initCommands(config, Object.values(services).flat(), stack),
    `slipway up --stack ${stack}   # or pulumi up: the same update again`,
  ];
  return { services, reasons, commands };
}

/** New services that use a PostgreSQL database need its application user. */
function initCommands({ services, databases }: StackConfig, awaiting: readonly string[], stack: string): string[] {
  const used = new Set(awaiting.flatMap((name) => services[name]?.connects.databases ?? []));
  const servers = [...used].filter((name) => databases[name]?.engine === "postgres").sort();
  if (servers.length === 0) return [];
  return [`slipway database init --stack ${stack}   # makes the application users of ${servers.join(", ")}; does no harm again`];
}

async function told<Missing>(what: string, answer: Promise<readonly Missing[]>): Promise<readonly Missing[]> {
  return answer.catch(async (error: unknown) => {
    await log.warn(`Nobody can tell whether ${what}: ${error instanceof Error ? error.message : String(error)}`);
    return [];
  });
}

function said(missing: readonly { readonly service: string; readonly region: string }[], sentence: (names: string) => string): string[] {
  const names = [...new Set(missing.map(({ service, region }) => `${service} in ${region}`))];
  return names.length === 0 ? [] : [sentence(names.join(", "))];
}
