/** What each replica of a database follows: after a restore it may follow the damaged one under its new name, with all its data. */
import { regionRoles } from "../../components/environment/contract/failover.ts";
import { namedTypes, postgresName } from "../../infra/config/physicalNames.ts";
import type { StackConfig } from "../../infra/config/stack.ts";
import type { State } from "../engine/state.ts";
import { namedIn } from "../verify/places.ts";
import type { AskedWithState } from "./asked.ts";
import { type Reading, reading } from "./reading.ts";

/** One replica. */
export interface ReplicaStatus {
  /** Name of the database in the config. */
  readonly database: string;
  readonly identifier: string;
  readonly region: string;
  /** Identifier of the database that it has to follow. */
  readonly wanted: string;
  /** Identifier of the one that it follows; `promoted` for one that follows none and takes writes itself. */
  readonly follows: Reading<string>;
}

/** What a replica says that follows nobody. */
export const promoted = "promoted";

/** Asks RDS for each replica that the stack has, in every region. */
export function replicasOf({ stack: { config }, state, aws }: AskedWithState): Promise<ReplicaStatus[]> {
  return Promise.all(
    replicasIn(config, state).map(async (replica) => {
      const { identifier, region } = replica;
      const follows = await reading(async () => {
        const rds = await aws.client("rds", region);
        const asked = rds.describeDBInstances({ DBInstanceIdentifier: identifier });
        const { DBInstances: [found] = [] } = await aws.told(`The replica ${identifier} of ${region} cannot be read`, asked);
        // Of another region AWS names it by its ARN.
        return found?.ReadReplicaSourceDBInstanceIdentifier?.split(":").at(-1) ?? promoted;
      });
      return { ...replica, follows };
    }),
  );
}

/** Replicas that the state has, each with the database that the config makes it of. */
function replicasIn(config: StackConfig, state: State): Omit<ReplicaStatus, "follows">[] {
  const identifierOf = (name: string) => namedIn(state, namedTypes.postgres, name)?.outputs?.identifier;
  return Object.entries(config.databases).flatMap(([database, settings]) => {
    if (settings.engine !== "postgres") return [];
    const home: string = config.aws.region;
    const wanted = identifierOf(postgresName(config, home, database));
    if (typeof wanted !== "string") return [];
    const beside = Object.keys(settings.readReplicas).map((replica) => ({
      region: home,
      name: postgresName(config, home, database, replica),
    }));
    const standing = regionRoles(config).flatMap(({ role, region }) =>
      role === "primary" ? [] : [{ region, name: postgresName(config, region, database) }],
    );
    return [...beside, ...standing].flatMap(({ region, name }) => {
      const identifier = identifierOf(name);
      return typeof identifier === "string" ? [{ database, identifier, region, wanted }] : [];
    });
  });
}
