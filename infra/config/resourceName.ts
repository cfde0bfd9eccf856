/** Names of resources, as the engine's URNs end with them. */

/** Name that a resource was registered with. */
export function resourceName(urn: string): string {
  return String(urn.split("::").at(-1));
}
