/** Secrets that tasks are about to read for the first time, by config and what the state has of their tasks. Pure. */
import { colours } from "../../components/colours.ts";
import { type SecretPlace, secretPlace } from "../../components/environment/contract/secrets.ts";
import { Names } from "../../components/environment/names.ts";
import type { StackConfig } from "./stack.ts";
import { regionalConfigs } from "./standby.ts";

/** A secret that a service's tasks read in one region. */
export interface ReadSecret {
  readonly service: string;
  /** Name, or ARN where config gives one. */
  readonly name: string;
  readonly place: SecretPlace;
  /** Region of the tasks. */
  readonly region: string;
}

/** Set by commands that have asked the stores: a list of `<region> <name>` as JSON, of secrets without a value. */
export const unsetVariable = "SLIPWAY_UNSET_SECRETS";

/**
 * Secrets that no task definition of their service reads yet: for those that run, nobody is kept from an update. Not the copies
 * that Secrets Manager keeps in further regions.
 * @param definitions containers of the state's task definitions as JSON, by the name of the resource
 */
export function newSecrets(config: StackConfig, definitions: ReadonlyMap<string, string>): ReadSecret[] {
  return regionalConfigs(config).flatMap((there) => {
    const { region } = there.aws;
    const names = new Names(config, region);
    return Object.entries(there.services).flatMap(([service, { compute, secrets }]) => {
      if (compute !== "ecs") return [];
      const known = colours.map((colour) => definitions.get(`${names.regional(service)}-${colour}`)).join("\n");
      return [...new Set(Object.values(secrets))].sort().flatMap((name): ReadSecret[] => {
        const place = secretPlace(there, name);
        const copied = there !== config && place.store === "secretsManager" && !place.fixed;
        const read = known.includes(place.arn === undefined ? `:secret:${name}-` : `"${place.arn}"`);
        return copied || read ? [] : [{ service, name, place, region }];
      });
    });
  });
}
