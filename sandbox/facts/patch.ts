/** JSON merge patches (RFC 7386): what is different, as an object of the same shape in which `null` takes a key away. Pure. */

type Json = Readonly<Record<string, unknown>>;
export type Patch = Json;

/** The whole with a patch on it. Lists are replaced, objects go on inside. */
export function patched<T extends object>(whole: T, patch: Patch): T {
  const all: Record<string, unknown> = { ...(whole as Json) };
  for (const [key, change] of Object.entries(patch)) {
    const old = all[key];
    if (change === null) delete all[key];
    else all[key] = isObject(change) ? patched(isObject(old) ? old : {}, change) : change;
  }
  return all as T;
}

/** The patch that makes `after` of `before`. */
export function patchBetween<T extends object>(before: T, after: T): Patch {
  const [old, wanted] = [before as Json, after as Json];
  const patch: Record<string, unknown> = {};
  for (const key of Object.keys(old)) if (!(key in wanted)) patch[key] = null;
  for (const [key, value] of Object.entries(wanted)) {
    const was = old[key];
    if (isObject(value) && isObject(was)) {
      const inner = patchBetween(was, value);
      if (Object.keys(inner).length > 0) patch[key] = inner;
    } else if (JSON.stringify(value) !== JSON.stringify(was)) patch[key] = value;
  }
  return patch;
}

function isObject(value: unknown): value is Json {
  return typeof value === "object" && value !== null && !Array.isArray(value);
}
