/** Types that the graphs of a test file were made of and that the sandbox has no facts of. */
const unchecked = new Set<string>();

export function noteUnchecked(types: Iterable<string>): void {
  for (const type of types) unchecked.add(type);
}

/** What was noted since it was last asked, as one line; undefined for nothing. */
export function uncheckedTypes(): string | undefined {
  if (unchecked.size === 0) return undefined;
  const types = [...unchecked].sort().join(", ");
  unchecked.clear();
  return `Served unchecked, since the sandbox does not know these types (docs/add-a-resource-type.md): ${types}`;
}
