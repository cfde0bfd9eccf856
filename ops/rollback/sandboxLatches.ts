/** Latches in the simulated cloud. */
import { userInfo } from "node:os";
import { parameterType, parameterValue } from "../../sandbox/cloud/aws/ssm.ts";
import type { LiveObject, LiveStore } from "../../sandbox/cloud/liveStore.ts";
import { UserError } from "../userError.ts";
import type { LatchPlace, LatchStore } from "./latchStore.ts";

/** Latches of one account of the simulated cloud. */
export class SandboxLatches implements LatchStore {
  readonly #store: LiveStore;
  readonly #account: string;

  constructor(store: LiveStore, account: string) {
    this.#store = store;
    this.#account = account;
  }

  async read(place: LatchPlace): Promise<string | undefined> {
    const found = this.#find(place);
    return found === undefined ? undefined : parameterValue(found.properties);
  }

  async write(place: LatchPlace, value: string): Promise<void> {
    const found = this.#find(place);
    if (found === undefined)
      throw new UserError(`There is no latch ${place.name} in ${place.region}: the service has no automatic rollback.`);
    const version = Number(found.properties.version ?? 1) + 1;
    this.#store.put({ ...found, properties: { ...found.properties, insecureValue: value, version } });
  }

  async who(): Promise<string> {
    return userInfo().username;
  }

  #find({ region, name }: LatchPlace): LiveObject | undefined {
    return this.#store.get(parameterType, name, `${this.#account}/${region}`);
  }
}
