/** Inputs without outputs, promises or resources in them, in the form in which the SDK sends them. */

const notPlain = Symbol("not plain");

/** Properties by whether the SDK has to wait for something in them. */
interface Apart {
  /** Copies: absent values left out of objects, and null in lists, as in JSON. */
  readonly plain: ReadonlyMap<string, unknown>;
  readonly others: Readonly<Record<string, unknown>>;
}

/** Parts properties. */
export function apart(properties: Readonly<Record<string, unknown>>): Apart {
  const plain = new Map<string, unknown>();
  const others: Record<string, unknown> = {};
  for (const [name, value] of Object.entries(properties)) {
    const copy = plainCopy(value);
    if (copy === notPlain) others[name] = value;
    else if (copy !== undefined) plain.set(name, copy);
  }
  return { plain, others };
}

function plainCopy(value: unknown): unknown {
  if (typeof value === "function") return notPlain;
  if (typeof value !== "object" || value === null) return value;
  if (Array.isArray(value)) return plainList(value);
  return Object.getPrototypeOf(value) === Object.prototype ? plainObject(value) : notPlain;
}

function plainList(list: readonly unknown[]): unknown {
  const copies: unknown[] = [];
  for (const item of list) {
    const copy = plainCopy(item);
    if (copy === notPlain) return notPlain;
    copies.push(copy ?? null);
  }
  return copies;
}

function plainObject(object: object): unknown {
  const copies: Record<string, unknown> = {};
  for (const [key, item] of Object.entries(object)) {
    const copy = plainCopy(item);
    if (copy === notPlain) return notPlain;
    if (copy !== undefined) copies[key] = copy;
  }
  return copies;
}
