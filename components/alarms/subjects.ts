/** What alarms of stores are about, as their names begin. Pure. */

/** Subject of a database's alarms. @param database name in the config */
export function databaseSubject(database: string): `db-${string}` {
  return `db-${database}`;
}

/** Subject of a cache's alarms. @param cache name in the config */
export function cacheSubject(cache: string): `cache-${string}` {
  return `cache-${cache}`;
}
