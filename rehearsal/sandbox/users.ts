/** Users of simulated databases, where they are none of a rehearsal's business. */
import type { StackConfig } from "../../infra/config/stack.ts";
import { makeUser } from "../../sandbox/cloud/aws/databaseUsers.ts";
import { openLiveStore } from "../../sandbox/sandbox.ts";

/** Makes the application user of each PostgreSQL database, also before that is there. @param folder of the sandbox */
export function makeConfiguredUsers(folder: string, { aws, databases }: Pick<StackConfig, "aws" | "databases">): void {
  const store = openLiveStore(folder);
  for (const database of Object.values(databases))
    if (database.engine === "postgres") makeUser(store, aws.accountId, database.applicationUser, database.databaseName);
}
