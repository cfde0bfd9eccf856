/** How old the newest backup of each store is, and the newest copy of it. */
import { recoveryCoverage } from "../../components/environment/contract/recoveryCoverage.ts";
import { newestBackups, type StoreBackup } from "../backup/backup.ts";
import { copyWays } from "../backup/copies.ts";
import { deployedBackups, vaultsOf } from "../backup/vaults.ts";
import { cloudOf } from "../project/stack.ts";
import type { AskedWithState } from "./asked.ts";

/** What `slipway backup verify` says, a row for each backup and copy; none of a stack without plans. */
export async function backupsOf({ stack, state, aws }: AskedWithState): Promise<StoreBackup[]> {
  const { config, name } = stack;
  if (!recoveryCoverage(config).some(({ plans, type }) => type !== undefined && plans.length > 0)) return [];
  const backups = deployedBackups(state, name);
  return newestBackups({ config, backups, copies: copyWays(state), vaults: vaultsOf(aws), cloud: cloudOf(stack), now: () => aws.now() });
}
