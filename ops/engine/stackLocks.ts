/** Locks of a stack in its state backend, as engines write them. */
import { z } from "zod";
import { type StateFiles, stateFiles } from "./stateFiles.ts";

const content = z.looseObject({
  pid: z.number(),
  username: z.string(),
  hostname: z.string(),
  timestamp: z.coerce.date(),
});

/** Who took a lock, and when. */
export type LockOwner = z.infer<typeof content>;

/** One lock, and who took it. A lock that cannot be read belongs to nobody known. */
export interface StackLock {
  /** Path by which the backend finds it again. */
  readonly key: string;
  readonly owner: LockOwner | undefined;
}

/** The locks of a stack in one backend. */
export class StackLocks {
  readonly #files: StateFiles;
  readonly #folder: string;

  /** @throws UserError for a kind of address that is not known */
  constructor(backend: string, project: string, stack: string) {
    this.#files = stateFiles(backend);
    this.#folder = `.pulumi/locks/organization/${project}/${stack}`;
  }

  async list(): Promise<StackLock[]> {
    const keys = (await this.#files.list(this.#folder)).filter((key) => key.endsWith(".json"));
    return Promise.all(keys.map(async (key) => ({ key, owner: ownerIn((await this.#files.read(key)) ?? "") })));
  }

  remove({ key }: StackLock): Promise<void> {
    return this.#files.remove(key);
  }
}

function ownerIn(text: string): StackLock["owner"] {
  try {
    return content.safeParse(JSON.parse(text)).data;
  } catch {
    return undefined;
  }
}
