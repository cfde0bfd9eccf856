/** Rules of backups: every store is covered as its class asks. What is wrong inside the plans is in `backupPlans.ts`. */
import { longestGapMinutes } from "../../backup/schedule.ts";
import { type BrokenRule, broken, type Change, type RulePath, showValue } from "../../contract/rule.ts";
import { planAreas, type RecoveryClass, recoveryCoverage, type StoreCoverage } from "../contract/recoveryCoverage.ts";
import type { PartialStackConfig, StackConfig } from "../contract.ts";
import { backupPlansRules, lockChange } from "./backupPlans.ts";

type Backup = StackConfig["backup"];

/** Everything that is wrong with backups and with what they leave out. */
export function backupRules(config: PartialStackConfig): BrokenRule[] {
  const { backup } = config;
  if (backup === undefined) return [];
  const coverage = recoveryCoverage(config);
  return [
    ...classOrder(backup),
    ...copies(config, backup),
    ...pointInTimeCopies(config, backup),
    ...exemptions(config, backup),
    ...backupPlansRules(config, backup, coverage),
    ...uncovered(config, backup, coverage),
    ...classes(config, backup, coverage),
    ...restoreTests(config, backup, coverage),
  ];
}

/** A lower class cannot have tighter objectives. */
function classOrder({ classes: { critical, high, medium } }: Backup): BrokenRule[] {
  const pairs = [
    ["high", high, critical],
    ["medium", medium, high],
  ] as const;
  return pairs.flatMap(([name, objectives, better]) =>
    (["rtoMinutes", "rpoMinutes"] as const).flatMap((key) =>
      objectives[key] >= better[key]
        ? []
        : broken({
            path: ["backup", "classes", name, key],
            found: `is ${objectives[key]}, less than the ${better[key]} of the class above`,
            allowed: `${better[key]} at least`,
            fix: { path: ["backup", "classes", name, key], value: better[key] },
          }),
    ),
  );
}

function copies({ aws }: PartialStackConfig, { plans, copyRegion, pointInTimeCopies: databases }: Backup): BrokenRule[] {
  const at = ["backup", "copyRegion"];
  const copied = Object.values(plans).some(({ rules }) => Object.values(rules).some(({ copy }) => copy !== undefined));
  if (copyRegion === undefined) return [];
  if (copyRegion === aws?.region)
    return broken({
      path: at,
      found: `is ${showValue(copyRegion)}, where the stack itself is`,
      allowed: "another region",
      fix: { path: at, choose: `a region other than ${copyRegion}` },
    });
  if (copied || databases.length > 0) return [];
  return broken({
    path: at,
    found: `is ${showValue(copyRegion)}, and nothing is copied there`,
    allowed: "a rule with copy, or no copyRegion",
    fix: { path: at },
  });
}

function pointInTimeCopies({ databases = {} }: PartialStackConfig, { pointInTimeCopies: names, copyRegion }: Backup): BrokenRule[] {
  return names.flatMap((name, index): BrokenRule[] => {
    const path = ["backup", "pointInTimeCopies", index];
    if (databases[name]?.engine !== "postgres")
      return broken({
        path,
        found: `is ${showValue(name)}, which is no PostgreSQL database of the stack`,
        reason: "RDS alone keeps point-in-time recovery up in a second region",
        allowed: namesOr(Object.keys(databases).filter((known) => databases[known]?.engine === "postgres")),
        fix: { path: path },
      });
    if (copyRegion !== undefined) return [];
    return [{ path, found: `is ${showValue(name)}, and there is no copyRegion`, allowed: "a copyRegion", fix: { path: path } }];
  });
}

function exemptions(config: PartialStackConfig, { exempt, plans }: Backup): BrokenRule[] {
  return planAreas.flatMap((area) =>
    Object.keys(exempt[area]).flatMap((name): BrokenRule[] => {
      const path = ["backup", "exempt", area, name];
      const known = config[area];
      if (known !== undefined && !Object.hasOwn(known, name))
        return [{ path, found: `is not among ${area}`, allowed: namesOr(Object.keys(known)), fix: { path: path } }];
      const plan = Object.keys(plans).find((candidate) => plans[candidate]?.stores?.[area].includes(name) === true);
      if (plan === undefined) return [];
      return [{ path, found: `is given, and plan ${plan} takes it`, allowed: "one of the two", fix: { path: path } }];
    }),
  );
}

/** With a plan, and in a protected stack, a store is in a plan or config says why not. */
function uncovered(config: PartialStackConfig, backup: Backup, coverage: readonly StoreCoverage[]): BrokenRule[] {
  const planned = Object.keys(backup.plans);
  if (planned.length === 0 && config.protect !== true) return [];
  return coverage
    .filter(({ area, plans, exempt }) => area !== "caches" && plans.length === 0 && exempt === undefined)
    .map(({ area, name }) => ({
      path: [area, name],
      found: "is in no backup plan",
      reason: `its point-in-time recovery or versions go with it when it is deleted`,
      allowed: `a plan of slipway:backup.plans that takes it, or a reason at slipway:backup.exempt.${area}.${name}`,
      fix: planned.length === 0 ? firstPlan(config, backup) : addToPlan(backup, planned[0] ?? "", area, name),
    }));
}

function addToPlan({ plans }: Backup, plan: string, area: StoreCoverage["area"], name: string): Change {
  const list = area === "caches" ? [] : (plans[plan]?.stores?.[area] ?? []);
  return { path: ["backup", "plans", plan, "stores", area, list.length], value: name };
}

/** A first plan, and what a protected stack wants besides. */
function firstPlan({ protect }: PartialStackConfig, { lock, restoreTesting }: Backup): Change[] {
  const daily = ["backup", "plans", "main", "rules", "daily"];
  return [
    { path: [...daily, "schedule"], choose: "the time of the daily backup in UTC, such as cron(0 7 * * ? *)" },
    { path: [...daily, "deleteAfterDays"], choose: "the days that it is kept" },
    ...(protect === true && lock.mode === "none" ? lockChange : []),
    ...(protect === true && restoreTesting === undefined ? [monthlyTest] : []),
  ];
}

const monthlyTest = { path: ["backup", "restoreTesting", "schedule"], value: "cron(0 9 2 * ? *)" };

/** What a store can be brought back from loses no more than its class allows. */
function classes(config: PartialStackConfig, backup: Backup, coverage: readonly StoreCoverage[]): BrokenRule[] {
  const hasObjectives = config.protect === true || Object.keys(backup.plans).length > 0;
  return coverage.flatMap(({ area, name, recoveryClass, exempt, plans, sources }) => {
    if (recoveryClass === undefined || exempt !== undefined) return [];
    // Such a store is reported as being in no plan; an unprotected stack without plans has no objective for it.
    if (sources.length === 0 && area !== "caches" && (plans.length === 0 || !hasObjectives)) return [];
    // Whatever the schedule: `buckets.ts` tells it.
    if (area === "fileSystems" && recoveryClass !== "medium") return [];
    const [best] = sources;
    const loss = best?.lossMinutes ?? Number.POSITIVE_INFINITY;
    const { rpoMinutes } = backup.classes[recoveryClass];
    if (loss <= rpoMinutes) return [];
    const kept = (["critical", "high", "medium"] as const).find((candidate) => loss <= backup.classes[candidate].rpoMinutes);
    return [classProblem([area, name], recoveryClass, rpoMinutes, best === undefined ? undefined : `${best.what}, ${spell(loss)}`, kept)];
  });
}

function classProblem(
  at: RulePath,
  recoveryClass: RecoveryClass,
  rpoMinutes: number,
  best: string | undefined,
  kept: RecoveryClass | undefined,
): BrokenRule {
  const path = [...at, "recoveryClass"];
  const cache = at[0] === "caches";
  return {
    path,
    found: `is ${showValue(recoveryClass)}, which may lose ${spell(rpoMinutes)}`,
    reason: best === undefined ? "nothing of it is kept" : `the best that it can be brought back from is ${best}`,
    allowed: kept === undefined ? "a way to bring it back that loses less" : `${kept}; or a way to bring it back that loses less`,
    ...(kept !== undefined
      ? { fix: { path: path, value: kept } }
      : cache
        ? {
            fix:
              best === undefined
                ? { path: [...at, "snapshotRetentionDays"], choose: "the days that a daily snapshot is kept" }
                : { path: path },
          }
        : {}),
  };
}

function restoreTests({ protect }: PartialStackConfig, backup: Backup, coverage: readonly StoreCoverage[]): BrokenRule[] {
  const { restoreTesting, plans } = backup;
  const path = ["backup", "restoreTesting"];
  const backedUp = coverage.filter((store) => store.plans.length > 0);
  if (restoreTesting === undefined)
    return protect === true && backedUp.length > 0
      ? broken({
          path,
          found: "is missing in a protected stack",
          reason: "a backup that was never restored is a hope",
          allowed: "a schedule",
          fix: monthlyTest,
        })
      : [];
  const problems: BrokenRule[] = [];
  const gaps = Object.values(plans).map(({ rules }) =>
    Math.min(...Object.values(rules).map((rule) => longestGapMinutes(rule.schedule) ?? 0)),
  );
  const least = Math.ceil(Math.max(0, ...gaps.filter(Number.isFinite)) / 1440);
  if (restoreTesting.windowDays < least)
    problems.push({
      path: [...path, "windowDays"],
      found: `is ${restoreTesting.windowDays}, in which a plan makes no backup`,
      allowed: `at least ${least}`,
      fix: { path: [...path, "windowDays"], value: least },
    });
  return problems;
}

/** Minutes in words: `15 minutes`, `24 hours`. */
export function spell(minutes: number): string {
  if (!Number.isFinite(minutes)) return "everything";
  if (minutes % 1440 === 0 && minutes > 1440) return `${minutes / 1440} days`;
  if (minutes % 60 === 0) return minutes === 60 ? "1 hour" : `${minutes / 60} hours`;
  return `${minutes} minutes`;
}

function namesOr(names: readonly string[]): string {
  return names.length === 0 ? "none: the stack has no such store" : names.join(", ");
}
