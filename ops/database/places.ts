/** Where the task stands that makes a database's application user. Pure. */

import { databaseTaskName, namedTypes, taskStandNames } from "../../infra/config/physicalNames.ts";
import { resourceName } from "../../infra/config/resourceName.ts";
import type { StackConfig } from "../../infra/config/stack.ts";
import type { State } from "../engine/state.ts";
import { UserError } from "../userError.ts";
import { namedIn } from "../verify/places.ts";

/** A database, and what its task is run with. */
export interface TaskPlace {
  readonly database: string;
  readonly user: string;
  readonly databaseName: string;
  readonly region: string;
  readonly cluster: string;
  readonly taskDefinition: string;
  readonly subnets: readonly string[];
  readonly securityGroup: string;
  readonly logGroup: string;
}

/**
 * Databases that have an application user to be made.
 * @param wanted names. @default all
 * @throws UserError for a name that is none, or of a database that has no such task
 */
export function postgresDatabases({ databases }: Pick<StackConfig, "databases">, wanted: readonly string[]): string[] {
  const all = Object.entries(databases).flatMap(([name, { engine }]) => (engine === "postgres" ? [name] : []));
  const others = wanted.filter((name) => !all.includes(name));
  if (others.length === 0) return wanted.length === 0 ? all : [...new Set(wanted)];
  const engines = others.map((name) => {
    const engine = databases[name]?.engine;
    return engine === undefined ? `${name}, which the stack does not have` : `${name}, which is ${engine}`;
  });
  throw new UserError(
    `There is no application user to make for ${engines.join("; ")}. PostgreSQL databases of the stack: ${all.join(", ") || "none"}. ` +
      "A table has no users; those of DocumentDB are made by hand (docs/components/database.md).",
    2,
  );
}

/** @throws UserError naming all that the state lacks @param stack words that name the stack in a command */
export function taskPlace(config: StackConfig, state: State, database: string, stack: string): TaskPlace {
  const { region } = config.aws;
  const stand = taskStandNames(config, region);
  const name = databaseTaskName(config, region, database);
  const settings = config.databases[database];
  if (settings?.engine !== "postgres") throw new Error(`${database} is no PostgreSQL database`);
  const subnets = state.resources.flatMap(({ type, urn, id, delete: leaving }) =>
    type === "aws:ec2/subnet:Subnet" && leaving !== true && resourceName(urn).startsWith(stand.subnets) ? (id ?? []) : [],
  );
  const found = {
    cluster: namedIn(state, namedTypes.cluster, stand.cluster)?.outputs?.arn,
    "task definition": namedIn(state, namedTypes.taskDefinition, name)?.outputs?.arn,
    "security group": namedIn(state, "aws:ec2/securityGroup:SecurityGroup", name)?.id,
    "log group": namedIn(state, "aws:cloudwatch/logGroup:LogGroup", name)?.outputs?.name,
    "private subnets": subnets.length === 0 ? undefined : "there",
  };
  const lacking = Object.entries(found).flatMap(([what, value]) => (typeof value === "string" ? [] : [what]));
  if (lacking.length > 0)
    throw new UserError(
      `The application user of ${database} cannot be made yet: the state has no ${lacking.join(", no ")} of ${name}. Make the ground first: slipway up ${stack}`,
    );
  return {
    ...{ database, user: settings.applicationUser, databaseName: settings.databaseName, region, subnets },
    cluster: String(found.cluster),
    taskDefinition: String(found["task definition"]),
    securityGroup: String(found["security group"]),
    logGroup: String(found["log group"]),
  };
}
