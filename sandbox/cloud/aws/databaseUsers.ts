/**
 * Users of PostgreSQL servers: AWS makes the master user alone (RDS guide, "Master user account privileges"), and a server refuses whoever it
 * does not know. Source of the words: PostgreSQL, src/backend/libpq/auth.c, `auth_failed`.
 */
import { objectsIn, type Properties } from "../../provider/values.ts";
import type { LiveStore } from "../liveStore.ts";

const instanceType = "aws:rds/instance:Instance";

/** Users that somebody made; no resource of the engine has this type. Its id is `<user>@<database>`, in an account: replicas have those of their source. */
export const userType = "aws:rds/instance:User";

/** Makes a user, which may be before its server is there: whoever rehearses has made it by then. */
export function makeUser(store: LiveStore, account: string, user: string, database: string): void {
  const id = `${user}@${database}`;
  store.put({ type: userType, id, scope: account, properties: { user, database }, createdFor: "CREATE ROLE" });
}

/** With a server its users go. */
export function dropUsers(store: LiveStore, account: string, database: string): void {
  for (const user of store.all(userType)) if (user.scope === account && user.properties.database === database) store.delete(user);
}

/**
 * Why a service ends as soon as it started: its variables `<NAME>_HOST`, `_DATABASE` and `_USERNAME` lead to a server that does not know
 * the user. Every application is taken for one that opens a connection when it starts.
 */
export function refusedUser(store: LiveStore, containers: readonly Properties[], account: string): string | undefined {
  const servers = new Set(store.all(instanceType).map(({ properties }) => String(properties.address)));
  for (const container of containers) {
    const variables = variablesOf(container);
    for (const [name, host] of variables) {
      const prefix = /^(.*)_HOST$/.exec(name)?.[1];
      const [user, database] = [variables.get(`${prefix}_USERNAME`), variables.get(`${prefix}_DATABASE`)];
      if (prefix === undefined || !servers.has(host) || user === undefined || database === undefined) continue;
      if (store.get(userType, `${user}@${database}`, account) === undefined)
        return `Essential container in task exited: FATAL: password authentication failed for user "${user}"`;
    }
  }
  return undefined;
}

/** Variables of a container that are no secrets. */
export function variablesOf({ environment }: Properties): ReadonlyMap<string, string> {
  return new Map(objectsIn(environment).map(({ name, value }) => [String(name), String(value)]));
}
