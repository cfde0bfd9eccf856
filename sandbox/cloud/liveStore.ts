/**
 * The live cloud of the sandbox: what exists, apart from what Pulumi's state says exists. One JSON file an object, so
 * that it survives crashes, can be read with `cat`, and can be edited the way somebody edits a console.
 */
import { createHash } from "node:crypto";
import { existsSync, mkdirSync, readdirSync, readFileSync, renameSync, rmSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { isObject, type Path, type Properties, type Value } from "../provider/values.ts";

/** One object that exists in the simulated cloud. */
export interface LiveObject {
  /** Pulumi type token, for example `aws:ec2/vpc:Vpc`. */
  readonly type: string;
  /** The id that the provider gives out. */
  readonly id: string;
  /** Account and region, or what sets objects apart in the other clouds. */
  readonly scope: string;
  /** Everything the cloud would answer when asked. Secret values are kept as a digest, never in clear. */
  readonly properties: Properties;
  /** Paths of `properties` that hold a digest. */
  readonly sealed?: readonly Path[];
  /** What the provider last applied, where fields have owners. */
  readonly applied?: Properties;
  /** URN that the engine named when it created the object; for people, no behaviour depends on it. */
  readonly createdFor: string;
}

const digestMark = "sealed:sha256:";

/** What the store keeps of a secret value. */
export function seal(value: Value): string {
  if (typeof value === "string" && value.startsWith(digestMark)) return value;
  return digestMark + createHash("sha256").update(JSON.stringify(value)).digest("hex");
}

/** A file of the simulated cloud that somebody edited, or that came from elsewhere, is no object. The message is meant to be printed as it is. */
export class DamagedObjectError extends Error {
  constructor(file: string, why: string) {
    super(
      [
        `${file} is damaged: ${why}. Nothing was done.`,
        "Put it right in an editor, or delete the object from the simulated cloud, as somebody does in a console:",
        `  rm '${file}'`,
      ].join("\n"),
    );
    this.name = "DamagedObjectError";
  }
}

/** A persistent set of live objects under one folder. Every write is atomic: a file is complete or absent. */
export class LiveStore {
  readonly #folder: string;
  readonly #objects = new Map<string, LiveObject>();
  readonly #byType = new Map<string, Set<string>>();

  /** Opens the folder, creating it when absent, and reads what is there. */
  constructor(folder: string) {
    this.#folder = folder;
    mkdirSync(folder, { recursive: true });
    for (const entry of readdirSync(folder, { recursive: true, withFileTypes: true })) {
      // What is no file is no reason to believe that the object does not exist.
      if (entry.name.endsWith(".json")) this.#remember(objectIn(join(entry.parentPath, entry.name)));
    }
  }

  /** The object as it is now: read again, so that what was made or edited meanwhile is seen. */
  get(type: string, id: string, scope: string): LiveObject | undefined {
    const file = this.#fileOf({ type, id, scope });
    if (existsSync(file)) {
      const now = objectIn(file);
      this.#remember(now);
      return now;
    }
    this.#forget({ type, id, scope });
    return undefined;
  }

  /** All objects, or those of one type. */
  all(type?: string): LiveObject[] {
    if (type === undefined) return [...this.#objects.values()];
    return [...(this.#byType.get(type) ?? [])].flatMap((key) => this.#objects.get(key) ?? []);
  }

  put(object: LiveObject): void {
    const file = this.#fileOf(object);
    mkdirSync(join(file, ".."), { recursive: true });
    const draft = `${file}.${process.pid}.tmp`;
    writeFileSync(draft, `${JSON.stringify(object, undefined, 2)}\n`);
    renameSync(draft, file);
    this.#remember(object);
  }

  delete(object: LiveObject): void {
    rmSync(this.#fileOf(object), { force: true });
    this.#forget(object);
  }

  #remember(object: LiveObject): void {
    const key = keyOf(object);
    this.#objects.set(key, object);
    const keys = this.#byType.get(object.type) ?? new Set();
    this.#byType.set(object.type, keys.add(key));
  }

  #forget(object: Pick<LiveObject, "type" | "id" | "scope">): void {
    this.#objects.delete(keyOf(object));
    this.#byType.get(object.type)?.delete(keyOf(object));
  }

  #fileOf(object: Pick<LiveObject, "type" | "id" | "scope">): string {
    const [packageName = "", module = "", type = ""] = object.type.split(":");
    const name = encodeURIComponent(object.id);
    // A file name may have 255 bytes; ARNs of deep names go beyond that.
    const short = name.length > 200 ? `${name.slice(0, 150)}-${createHash("sha256").update(name).digest("hex").slice(0, 16)}` : name;
    return join(this.#folder, packageName, object.scope, `${module.split("/")[0]}.${type}`, `${short}.json`);
  }
}

function textIn(file: string): string {
  try {
    return readFileSync(file, "utf8");
  } catch (error) {
    throw error instanceof Error ? Object.assign(error, { path: file }) : error; // reading a folder, the system names none
  }
}

function objectIn(file: string): LiveObject {
  const text = textIn(file);
  let found: unknown;
  try {
    found = JSON.parse(text);
  } catch (error) {
    throw new DamagedObjectError(file, error instanceof Error ? error.message : String(error));
  }
  const { type, id, scope, properties } = (found ?? {}) as Partial<LiveObject>;
  if ([type, id, scope].every((part) => typeof part === "string") && isObject(properties)) return found as LiveObject;
  throw new DamagedObjectError(file, "it is not an object with type, id, scope and properties");
}

function keyOf(object: Pick<LiveObject, "type" | "id" | "scope">): string {
  return `${object.type}\n${object.scope}\n${object.id}`;
}
