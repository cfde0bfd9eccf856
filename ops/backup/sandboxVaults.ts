/** Vaults of the simulated cloud: jobs end at once, and fail for the reasons that they fail for at AWS. */
import { backUp, pointsIn } from "../../sandbox/cloud/aws/backupJobs.ts";
import { CloudError } from "../../sandbox/cloud/catalogue.ts";
import type { LiveStore } from "../../sandbox/cloud/liveStore.ts";
import { UserError } from "../userError.ts";
import type { BackupEnd, BackupWish, RecoveryPoint, Vaults } from "./vaults.ts";

/** Vaults of one simulated account. */
export class SandboxVaults implements Vaults {
  readonly #store: LiveStore;
  readonly #account: string;

  constructor(store: LiveStore, account: string) {
    this.#store = store;
    this.#account = account;
  }

  async start({ region, vaultName, resourceArn, type, deleteAfterDays, reason }: BackupWish): Promise<BackupEnd> {
    try {
      const place = { account: this.#account, region };
      const tags = { Reason: reason, StartedBy: "slipway" };
      return backUp(this.#store, { place, vaultName, resourceArn, resourceType: type, deleteAfterDays, tags, at: new Date() });
    } catch (error) {
      if (error instanceof CloudError) throw new UserError(error.message);
      throw error;
    }
  }

  async points(region: string, vaultName: string): Promise<readonly RecoveryPoint[]> {
    return pointsIn(this.#store, vaultName, { account: this.#account, region }).map(({ id, properties }) => ({
      arn: id,
      resourceArn: String(properties.resourceArn),
      createdAt: new Date(String(properties.creationDate)),
      deleteAt: new Date(String(properties.deleteAt)),
      status: String(properties.status),
    }));
  }
}
