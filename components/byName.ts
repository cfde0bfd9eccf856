/** Maps by name: what is made of one must not depend on the order in which somebody wrote its keys, nor on a name that is not there. */

/** Entries of a map, by name. */
export function entriesByName<T>(map: Readonly<Record<string, T>>): [name: string, value: T][] {
  return Object.entries(map).sort(([a], [b]) => (a < b ? -1 : 1));
}

/**
 * The value of a name that has to be there. A program that declares infrastructure must not pass over one that is missing: what
 * it does not declare is deleted.
 * @param what whose value it is, for the message: `repository of api`
 * @throws Error with the name that was looked for and those that are there
 */
export function required<T>(map: Readonly<Record<string, T | undefined>>, name: string, what: string): T {
  const value = Object.hasOwn(map, name) ? map[name] : undefined;
  if (value !== undefined) return value;
  const names = Object.keys(map).sort().join(", ");
  throw new Error(`${what}: there is no ${JSON.stringify(name)} (${names === "" ? "there is none at all" : `there are ${names}`})`);
}
