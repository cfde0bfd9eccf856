/** Rules between buckets, file systems and the rest of the stack. */
import { type BrokenRule, showValue } from "../../contract/rule.ts";
import { plansTaking } from "../contract/recoveryCoverage.ts";
import type { PartialStackConfig } from "../contract.ts";

/** Everything that is wrong with where files are kept. */
export function bucketsRules(config: PartialStackConfig): BrokenRule[] {
  const protect = config.protect === true;
  return [...bucketRules(config, protect), ...fileSystemRules(config, protect)];
}

function bucketRules({ buckets = {}, aws }: PartialStackConfig, protect: boolean): BrokenRule[] {
  return Object.entries(buckets).flatMap(([name, bucket]) => {
    const at = ["buckets", name];
    const problems: BrokenRule[] = [];
    if (bucket.purpose !== "documents") return problems;
    if (bucket.lock.mode === "compliance" && !protect) {
      problems.push({
        path: [...at, "lock", "mode"],
        found: 'is "compliance" in a stack that is not protected',
        reason: "nobody could delete the bucket, and the stack could never be destroyed",
        allowed: "governance, or protect: true",
        fix: { path: [...at, "lock", "mode"], value: "governance" },
      });
    }
    if (bucket.replicaRegion !== undefined && bucket.replicaRegion === aws?.region) {
      problems.push({
        path: [...at, "replicaRegion"],
        found: `is ${showValue(bucket.replicaRegion)}, where the bucket itself is`,
        allowed: "another region",
        fix: { path: [...at, "replicaRegion"], choose: `a region other than ${aws.region}` },
      });
    }
    return problems;
  });
}

function fileSystemRules(config: PartialStackConfig, protect: boolean): BrokenRule[] {
  return Object.entries(config.fileSystems ?? {}).flatMap(([name, files]) => {
    const at = ["fileSystems", name];
    const problems: BrokenRule[] = [];
    if (files.recoveryClass !== "medium") {
      problems.push({
        path: [...at, "recoveryClass"],
        found: `is ${showValue(files.recoveryClass)}`,
        reason: "EFS is backed up daily, so that up to 24 hours can be lost",
        allowed: "medium; or keep the files in a bucket",
        fix: { path: [...at, "recoveryClass"], value: "medium" },
      });
    }
    if (protect && !files.dailyBackup && plansTaking(config, "fileSystems", name).length === 0) {
      problems.push({
        path: [...at, "dailyBackup"],
        found: "is false in a protected stack",
        allowed: "true where protect is true and no backup plan takes it",
        fix: { path: [...at, "dailyBackup"], value: true },
      });
    }
    return problems;
  });
}
