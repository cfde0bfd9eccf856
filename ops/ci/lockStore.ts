/** Locks of a stack in a state backend that Slipway does not run itself: a bucket, or a folder. */
import { existsSync, readdirSync, readFileSync, rmSync } from "node:fs";
import { join } from "node:path";
import { fileURLToPath } from "node:url";
import { execa } from "execa";
import { z } from "zod";
import { UserError } from "../userError.ts";

const content = z.looseObject({
  pid: z.number(),
  username: z.string(),
  hostname: z.string(),
  timestamp: z.coerce.date(),
});

/** One lock, and who took it. A lock that cannot be read belongs to nobody known. */
export interface StackLock {
  /** Name by which the store finds it again. */
  readonly key: string;
  readonly owner: z.infer<typeof content> | undefined;
}

/** Where locks are kept. */
export interface LockStore {
  list(): Promise<StackLock[]>;
  remove(lock: StackLock): Promise<void>;
}

/** The locks of a stack in the backend of an address. @throws UserError for a kind of address that is not known */
export function lockStore(backend: string, project: string, stack: string): LockStore {
  const folder = `.pulumi/locks/organization/${project}/${stack}`;
  const address = new URL(backend);
  if (address.protocol === "file:") return new FolderLocks(join(fileURLToPath(`file://${address.pathname}`), folder));
  if (address.protocol === "s3:")
    return new BucketLocks(
      address.hostname,
      `${address.pathname.replace(/^\/|\/$/g, "")}/${folder}/`.replace(/^\//, ""),
      address.searchParams.get("region"),
    );
  throw new UserError(`${address.protocol} is no backend whose locks can be read here; s3: and file: are. Use pulumi cancel.`, 2);
}

function ownerIn(text: string): StackLock["owner"] {
  try {
    return content.safeParse(JSON.parse(text)).data;
  } catch {
    return undefined;
  }
}

class FolderLocks implements LockStore {
  readonly #folder: string;

  constructor(folder: string) {
    this.#folder = folder;
  }

  async list(): Promise<StackLock[]> {
    if (!existsSync(this.#folder)) return [];
    return readdirSync(this.#folder)
      .filter((file) => file.endsWith(".json"))
      .map((file) => ({ key: file, owner: ownerIn(readFileSync(join(this.#folder, file), "utf8")) }));
  }

  async remove({ key }: StackLock): Promise<void> {
    for (const file of [key, `${key}.attrs`]) rmSync(join(this.#folder, file), { force: true });
  }
}

const listing = z.looseObject({ Contents: z.array(z.looseObject({ Key: z.string() })).nullish() });

/** Through the AWS CLI, which every runner has and which knows every way to credentials. */
class BucketLocks implements LockStore {
  readonly #bucket: string;
  readonly #prefix: string;
  readonly #region: readonly string[];

  constructor(bucket: string, prefix: string, region: string | null) {
    this.#bucket = bucket;
    this.#prefix = prefix;
    this.#region = region === null ? [] : ["--region", region];
  }

  async list(): Promise<StackLock[]> {
    const text = await this.#aws("s3api", "list-objects-v2", "--bucket", this.#bucket, "--prefix", this.#prefix, "--output", "json");
    const keys = (listing.parse(JSON.parse(text === "" ? "{}" : text)).Contents ?? [])
      .map(({ Key }) => Key)
      .filter((key) => key.endsWith(".json"));
    return Promise.all(keys.map(async (key) => ({ key, owner: ownerIn(await this.#aws("s3", "cp", `s3://${this.#bucket}/${key}`, "-")) })));
  }

  async remove({ key }: StackLock): Promise<void> {
    await this.#aws("s3api", "delete-object", "--bucket", this.#bucket, "--key", key);
  }

  async #aws(...args: readonly string[]): Promise<string> {
    const result = await execa("aws", [...args, ...this.#region], { reject: false, stdin: "ignore" });
    if (result.exitCode !== 0) throw new UserError(`aws ${args.slice(0, 2).join(" ")} failed: ${result.stderr.trim()}`);
    return result.stdout.trim();
  }
}
