/** Order by name: what is made of a map must not depend on the order in which somebody wrote its keys. */

/** Entries of a map, by name. */
export function entriesByName<T>(map: Readonly<Record<string, T>>): [name: string, value: T][] {
  return Object.entries(map).sort(([a], [b]) => (a < b ? -1 : 1));
}
