/** Rules inside backup plans: what AWS Backup would refuse, fail or ignore without a word. */
import { boundsOf, vaultRules } from "../../backup/retention.ts";
import { startTimes } from "../../backup/schedule.ts";
import { type BrokenRule, below, broken, type Change, type RulePath, showValue } from "../../contract/rule.ts";
import { windowsOverlap } from "../../database/windows.ts";
import { planAreas, type StoreCoverage } from "../contract/recoveryCoverage.ts";
import type { PartialStackConfig, StackConfig } from "../contract.ts";

type Backup = StackConfig["backup"];
type Plan = Backup["plans"][string];
type Rule = Plan["rules"][string];

/** Everything wrong with the lock and with the plans. */
export function backupPlansRules(config: PartialStackConfig, backup: Backup, coverage: readonly StoreCoverage[]): BrokenRule[] {
  return [
    ...lockProblems(config, backup, coverage),
    ...Object.entries(backup.plans).flatMap(([name, plan]) => {
      const taken = coverage.filter(({ plans }) => plans.includes(name));
      return [
        ...storeProblems(config, name, plan, backup),
        ...Object.entries(plan.rules).flatMap(([rule, settings]) =>
          ruleProblems(["backup", "plans", name, "rules", rule], settings, config, backup, taken),
        ),
      ];
    }),
  ];
}

/** What locks the vault: a person says how hard, and for how long. */
export const lockChange: readonly Change[] = [
  { path: ["backup", "lock", "mode"], choose: "governance, or compliance, which also takes changeableForDays" },
  { path: ["backup", "lock", "minimumDays"], choose: "the days before which no backup may be deleted" },
];

function lockProblems({ protect }: PartialStackConfig, { lock }: Backup, coverage: readonly StoreCoverage[]): BrokenRule[] {
  const at = ["backup", "lock"];
  if (lock.mode === "none")
    return protect === true && coverage.some(({ plans }) => plans.length > 0)
      ? broken({
          path: [...at, "mode"],
          found: 'is "none" in a protected stack',
          reason: "whoever gets in could shorten or delete the backups as well",
          allowed: "governance or compliance where protect is true",
          fix: lockChange,
        })
      : [];
  const problems: BrokenRule[] = [];
  if (lock.mode === "compliance" && protect !== true)
    problems.push({
      path: [...at, "mode"],
      found: 'is "compliance" in a stack that is not protected',
      reason: "once its grace is over nobody could delete the vault, and the stack could never be destroyed",
      allowed: "governance or none, or protect: true",
      fix: [{ path: [...at, "mode"], choose: "governance or none" }, { path: [...at, "changeableForDays"] }],
    });
  return problems;
}

function storeProblems(config: PartialStackConfig, name: string, { stores }: Plan, { plans }: Backup): BrokenRule[] {
  if (stores === undefined) return [];
  const at = ["backup", "plans", name];
  const problems = planAreas.flatMap((area) =>
    stores[area].flatMap((store, index): BrokenRule[] => {
      const known = config[area];
      const path = [...at, "stores", area, index];
      if (known === undefined || Object.hasOwn(known, store)) return [];
      return broken({
        path,
        found: `is ${showValue(store)}, which is not among ${area}`,
        allowed: Object.keys(known).join(", ") || `none: the stack has no ${area}`,
        fix: { path: path },
      });
    }),
  );
  if (planAreas.every((area) => stores[area].length === 0) && Object.keys(plans).length > 1)
    problems.push({ path: at, found: "has no store", allowed: "stores, or no such plan", fix: { path: at } });
  return problems;
}

/** RDS and DocumentDB take no snapshot while they make their own or are maintained: the job would fail. */
function windowProblems(at: RulePath, rule: Rule, { databases = {} }: PartialStackConfig, taken: readonly StoreCoverage[]): BrokenRule[] {
  const starts = startTimes(rule.schedule, rule.startWindowMinutes);
  for (const { area, name } of taken) {
    const database = area === "databases" ? databases[name] : undefined;
    if (database === undefined || database.engine === "dynamodb") continue;
    const windows = [database.backupWindow, database.maintenanceWindow];
    const hit = windows.find((window) => starts.some((start) => windowsOverlap(start, window)));
    if (hit === undefined) continue;
    return broken({
      path: [...at, "schedule"],
      found: `is ${showValue(rule.schedule)}, which starts within ${hit} of database ${name}`,
      reason: "a database takes no snapshot while it makes its own or is maintained, and the job fails",
      allowed: "a time outside the database's backup and maintenance windows",
    });
  }
  return [];
}

function ruleProblems(
  at: RulePath,
  rule: Rule,
  config: PartialStackConfig,
  { lock, copyRegion }: Backup,
  taken: readonly StoreCoverage[],
): BrokenRule[] {
  const types = taken.flatMap(({ type }) => type ?? []);
  const inVault = (path: RulePath, retention: Pick<Rule, "deleteAfterDays" | "coldAfterDays">) =>
    vaultRules(retention, boundsOf(lock), types).map((broken) => below(path, broken));
  const problems = [...inVault(at, rule), ...windowProblems(at, rule, config, taken)];
  if (rule.copy === undefined) return problems;
  if (copyRegion === undefined)
    problems.push({
      path: [...at, "copy"],
      found: "is given, and there is no copyRegion",
      allowed: "a copyRegion",
      fix: { path: [...at, "copy"] },
    });
  return [...problems, ...inVault([...at, "copy"], rule.copy)];
}
