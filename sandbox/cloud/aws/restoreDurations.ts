/**
 * How long AWS takes to restore, as a model: AWS guarantees no time, and nothing here was measured. The figures are round and
 * on the slow side of what AWS's own guides tell; a stack's restore tests give its real ones.
 */

/** What the time of a restore depends on. */
interface RestoreSize {
  /** As AWS Backup calls it: `RDS`. */
  readonly type: string;
  /** GiB that are restored; of a database, its storage. */
  readonly gib: number;
  /** To a moment between two snapshots, whose writes are replayed. */
  readonly pointInTime: boolean;
}

interface Model {
  /** Seconds that a restore of nothing takes. */
  readonly base: number;
  readonly perGib: number;
  /** Seconds that the replay of a day's writes takes. */
  readonly replay: number;
}

/** RDS and DocumentDB give out the volume before all of it is read; DynamoDB says that 95 % of restores are done in an hour. */
const models: Readonly<Record<string, Model>> = {
  DocumentDB: { base: 1500, perGib: 0, replay: 300 },
  DynamoDB: { base: 3600, perGib: 0, replay: 0 },
  EFS: { base: 600, perGib: 36, replay: 0 },
  RDS: { base: 900, perGib: 3, replay: 300 },
  S3: { base: 1800, perGib: 36, replay: 0 },
};

/** Seconds from the request until the store answers. Pure. */
export function restoreSeconds({ type, gib, pointInTime }: RestoreSize): number {
  const { base, perGib, replay } = models[type] ?? { base: 3600, perGib: 36, replay: 0 };
  return Math.round(base + perGib * gib + (pointInTime ? replay : 0));
}
