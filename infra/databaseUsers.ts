/** A task for each PostgreSQL database of a region, which makes its application user when `slipway database init` runs it. */
import type { Input } from "@pulumi/pulumi";
import { required } from "../components/byName.ts";
import type { DatabaseAccess } from "../components/database/access.ts";
import { applicationUserCommand, applicationUserConnection } from "../components/database/applicationUser.ts";
import { Task } from "../components/task/task.ts";
import { databaseTaskName } from "./config/physicalNames.ts";
import type { Here } from "./here.ts";

/** What the tasks stand in. */
interface DatabaseUsersArgs extends Here {
  readonly network: { readonly vpcId: Input<string> };
  readonly databases: Readonly<Record<string, DatabaseAccess>>;
  /** Key of the logs. */
  readonly keyArn: Input<string>;
}

/** Declares them for the primary region: a standby's database has the users of its source. */
export function declareDatabaseUsers({ config, place, network, databases, keyArn }: DatabaseUsersArgs): void {
  for (const [store, database] of Object.entries(config.databases)) {
    if (database.engine !== "postgres") continue;
    const access = required(databases, store, "database that has an application user");
    if (access.kind !== "network") throw new Error(`${store} is no server`);
    place.make(Task, databaseTaskName(config, place.region, store), {
      image: database.init.image,
      command: [...applicationUserCommand],
      writablePaths: [],
      network,
      connections: { database: applicationUserConnection(access, place.region) },
      keyArn,
      logRetentionDays: config.logs.retentionDays,
    });
  }
}
