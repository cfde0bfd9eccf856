/** Secrets in the simulated cloud. Values are kept as digests, as everything secret is there. */
import { scheduledForDeletion } from "../../sandbox/cloud/aws/secretsManager.ts";
import { type LiveObject, type LiveStore, seal } from "../../sandbox/cloud/liveStore.ts";
import { UserError } from "../userError.ts";
import type { SecretEntry } from "./inventory.ts";
import type { Presence, SecretValues } from "./store.ts";

const parameter = "aws:ssm/parameter:Parameter";
const secret = "aws:secretsmanager/secret:Secret";
const version = "aws:secretsmanager/secretVersion:SecretVersion";

/** Values of one account of the simulated cloud. */
export class SandboxValues implements SecretValues {
  readonly #store: LiveStore;
  readonly #account: string;

  constructor(store: LiveStore, account: string) {
    this.#store = store;
    this.#account = account;
  }

  async presence(entries: readonly SecretEntry[]): Promise<ReadonlyMap<string, Presence>> {
    return new Map(entries.map((entry) => [entry.name, this.#presenceOf(entry)]));
  }

  async set(entry: SecretEntry, value: string): Promise<void> {
    const scope = `${this.#account}/${entry.region}`;
    const changed = new Date().toISOString();
    const createdFor = "slipway secrets set";
    if (entry.store === "parameter") {
      this.#refuseAbsentKey(entry);
      const id = nameOf(entry);
      const properties = { name: id, type: "SecureString", keyId: entry.keyAlias ?? "alias/aws/ssm", value: seal(value), changed };
      this.#store.put({ type: parameter, id, scope, properties, sealed: [["value"]], createdFor });
      return;
    }
    const place = this.#entry(entry);
    if (place === undefined) throw new UserError(`${entry.name} does not exist yet. Make it first: slipway up`);
    const properties = { secretId: place.id, secretString: seal(value), versionStages: ["AWSCURRENT"], changed };
    this.#store.put({ type: version, id: place.id, scope, properties, sealed: [["secretString"]], createdFor });
  }

  #presenceOf(entry: SecretEntry): Presence {
    if (entry.store === "parameter") return presenceOf(this.#find(parameter, entry, nameOf(entry)), false);
    const place = this.#entry(entry);
    return presenceOf(place === undefined ? undefined : this.#find(version, entry, place.id), place !== undefined);
  }

  #entry(entry: SecretEntry): LiveObject | undefined {
    const scope = `${this.#account}/${entry.region}`;
    if (this.#store.get(scheduledForDeletion, entry.name, scope) !== undefined)
      throw new UserError(`${entry.name} is scheduled for deletion. Restore it first: aws secretsmanager restore-secret`);
    return this.#store.all(secret).find((object) => object.scope === scope && [object.id, object.properties.name].includes(entry.name));
  }

  #find(type: string, { region }: SecretEntry, id: string): LiveObject | undefined {
    return this.#store.get(type, id, `${this.#account}/${region}`);
  }

  #refuseAbsentKey({ keyAlias, region }: SecretEntry): void {
    if (keyAlias === undefined || this.#store.get("aws:kms/alias:Alias", keyAlias, `${this.#account}/${region}`) !== undefined) return;
    throw new UserError(`The key ${keyAlias} does not exist yet. Make it first: slipway up --target '**slipway:secrets:Secrets**'`);
  }
}

function presenceOf(value: LiveObject | undefined, place: boolean): Presence {
  if (value === undefined) return { kind: "missing", place };
  const { changed } = value.properties;
  return { kind: "set", changed: typeof changed === "string" ? new Date(changed) : undefined };
}

function nameOf({ name }: SecretEntry): string {
  return name.replace(/^arn:aws:ssm:[^:]*:\d*:parameter/, "");
}
