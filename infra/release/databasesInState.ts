/** Changes of databases that AWS refuses when it is told of them, in the middle of an update: told before anything happens. */
import { Names } from "../../components/environment/names.ts";
import { namedTypes } from "../config/physicalNames.ts";
import { type Problem, setCommand } from "../config/problem.ts";
import { resourceName } from "../config/resourceName.ts";
import type { StackConfig } from "../config/stack.ts";
import type { StateResources } from "./releaseInState.ts";

type Server = Exclude<StackConfig["databases"][string], { engine: "dynamodb" }>;

/** Of servers that the state holds in the stack's own region. Pure. */
export function refusedDatabaseChanges(
  config: Pick<StackConfig, "system" | "environment" | "aws" | "databases">,
  state: StateResources,
): Problem[] {
  const names = new Names(config, config.aws.region);
  return Object.entries(config.databases).flatMap(([store, database]) => {
    if (database.engine === "dynamodb") return [];
    const wanted = database.engine === "postgres" ? namedTypes.postgres : namedTypes.documentDb;
    const held = Object.entries(state).find(([urn, { type }]) => type === wanted && resourceName(urn) === names.store("db", store));
    if (held === undefined) return [];
    const [, { outputs }] = held;
    return [...versionProblems(store, database, outputs), ...storageProblems(store, database, outputs)];
  });
}

/** Source: RDS and DocumentDB API, ModifyDBInstance and ModifyDBCluster, `EngineVersion` and `AllowMajorVersionUpgrade`. */
function versionProblems(
  store: string,
  { version, allowMajorUpgrade, engine }: Server,
  outputs: StateResources[string]["outputs"],
): Problem[] {
  const deployed = String(outputs.engineVersionActual ?? outputs.engineVersion ?? version);
  const rise = majorOf(version) - majorOf(deployed);
  if (rise === 0 || (rise > 0 && allowMajorUpgrade)) return [];
  const path = ["databases", store, "version"];
  const stays = engine === "postgres" ? String(majorOf(deployed)) : deployed;
  return [
    {
      path,
      found: `is ${JSON.stringify(version)}`,
      ...(rise < 0
        ? { reason: "AWS makes no version older, and would say so in the middle of the update" }
        : {
            reason:
              "a major version is an outage of minutes with no way back: AWS makes one only where allowMajorUpgrade is true, and would say so in the middle of the update",
          }),
      allowed:
        rise < 0
          ? `${JSON.stringify(stays)}, as deployed; an older version is a restore into another database`
          : `${JSON.stringify(stays)}, as deployed; or allowMajorUpgrade: true beside it; the way back is a restore`,
      fix: setCommand(path, stays),
    },
  ];
}

/** Where storage grows by itself the provider sends no less than there is. */
function storageProblems(store: string, database: Server, { allocatedStorage }: StateResources[string]["outputs"]): Problem[] {
  if (database.engine !== "postgres" || database.maximumStorageGib !== undefined) return [];
  const deployed = Number(allocatedStorage);
  if (!(database.storageGib < deployed)) return [];
  const path = ["databases", store, "storageGib"];
  return [
    {
      path,
      found: `is ${database.storageGib}`,
      reason: "storage never shrinks, and RDS would say so in the middle of the update",
      allowed: `an integer from ${deployed}, as deployed; less is a restore into another database`,
      fix: setCommand(path, deployed),
    },
  ];
}

function majorOf(version: string): number {
  return Number(version.split(".")[0]);
}
