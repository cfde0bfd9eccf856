/** Rules between databases and the rest of the stack. */
import { type BrokenRule, broken, type RulePath } from "../../contract/rule.ts";
import type { PartialStackConfig, StackConfig } from "../contract.ts";

type Database = StackConfig["databases"][string];
type Postgres = Extract<Database, { readonly engine: "postgres" }>;
type DocumentDb = Extract<Database, { readonly engine: "documentdb" }>;

/** Fewest days of point-in-time recovery in a protected stack. */
const protectedRetentionDays = 7;

/** Everything that is wrong with the databases. */
export function databasesRules(config: PartialStackConfig): BrokenRule[] {
  const protect = config.protect === true;
  const problems: BrokenRule[] = [];
  for (const [name, database] of Object.entries(config.databases ?? {})) {
    const at = ["databases", name];
    if (database.engine === "postgres") problems.push(...postgresRules(at, database));
    if (database.engine === "documentdb") problems.push(...documentRules(at, database, config));
    if (protect) problems.push(...retention(at, database));
  }
  return problems;
}

function postgresRules(at: RulePath, { recoveryClass, multiAz }: Postgres): BrokenRule[] {
  if (recoveryClass !== "critical" || multiAz) return [];
  return broken({
    path: [...at, "multiAz"],
    found: "is false for a critical database",
    reason: "a restore takes longer than the hour in which a critical store has to be back",
    allowed: "true, or a lower recoveryClass",
    fix: { path: [...at, "multiAz"], value: true },
  });
}

function documentRules(at: RulePath, database: DocumentDb, { network }: PartialStackConfig): BrokenRule[] {
  const problems: BrokenRule[] = [];
  const zones = network?.zones.length;
  if (zones !== undefined && database.instances > zones) {
    problems.push({
      path: [...at, "instances"],
      found: `is ${database.instances} with ${zones} zones`,
      allowed: `at most ${zones}, one instance a zone`,
      fix: { path: [...at, "instances"], value: zones },
    });
  } else if (database.recoveryClass === "critical" && database.instances < 2) {
    problems.push({
      path: [...at, "instances"],
      found: `is ${database.instances} for a critical database`,
      allowed: "two or more, so that one takes over at once; or a lower recoveryClass",
      fix: { path: [...at, "instances"], value: 2 },
    });
  }
  return problems;
}

function retention(at: RulePath, database: Database): BrokenRule[] {
  const key = database.engine === "dynamodb" ? "pointInTimeDays" : "backupRetentionDays";
  const days = database.engine === "dynamodb" ? database.pointInTimeDays : database.backupRetentionDays;
  if (days >= protectedRetentionDays) return [];
  return broken({
    path: [...at, key],
    found: `is ${days} in a protected stack`,
    allowed: `at least ${protectedRetentionDays} days where protect is true`,
    fix: { path: [...at, key], value: protectedRetentionDays },
  });
}
