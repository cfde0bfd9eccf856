/** What a verification asks of a cloud, simulated or real. It changes nothing. */

/** One load balancer's object in one region. */
export interface Place {
  readonly region: string;
  readonly arn: string;
}

/** Kinds of databases that tell their own state. */
export type DatabaseKind = "rds instance" | "docdb cluster" | "docdb instance" | "dynamodb table";

/** One database, or one of its servers. */
export interface DatabasePlace {
  readonly kind: DatabaseKind;
  readonly region: string;
  /** As AWS calls it: an identifier, or a table's name. */
  readonly identifier: string;
}

/** Targets of one group. */
export interface TargetHealth {
  readonly healthy: number;
  readonly all: number;
}

/** The cloud of one stack. Each question throws a UserError when it cannot be answered. */
export interface VerifiedCloud {
  /** Weights of the first action of a rule, by target group. */
  weights(rule: Place): Promise<ReadonlyMap<string, number>>;
  targetHealth(group: Place): Promise<TargetHealth>;
  /** State as AWS words it: `available`, `ACTIVE`, `restoring`… */
  databaseState(database: DatabasePlace): Promise<string>;
  /** Names of the region's alarms that ring. @param prefix beginning of the names of the stack's own */
  ringing(region: string, prefix: string): Promise<readonly string[]>;
}
