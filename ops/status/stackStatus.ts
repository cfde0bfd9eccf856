/** A stack as it stands: each part as it was read, or why it could not be. */
import type { StoreBackup } from "../backup/backup.ts";
import type { BarredService } from "../release/barredDigests.ts";
import type { Alarms } from "./alarms.ts";
import type { DatabaseStatus } from "./databases.ts";
import type { Deep } from "./deep.ts";
import type { ForeignRule } from "./foreignRules.ts";
import type { PastUpdate } from "./history.ts";
import type { LatchStatus } from "./holds.ts";
import type { HeldLock } from "./locks.ts";
import type { Reading } from "./reading.ts";
import type { Regions } from "./regions.ts";
import type { ReplicaStatus } from "./replicas.ts";
import type { Secrets } from "./secrets.ts";
import type { Services } from "./services.ts";
import type { Subscription } from "./told.ts";
import type { RecordStatus } from "./zoneRecords.ts";

/** What `slipway status` looks at. */
export interface StackStatus {
  readonly stack: string;
  /** The cloud that was asked. */
  readonly cloud: string;
  /** ISO 8601, by the cloud's clock. */
  readonly at: string;
  /** Phase of the alarms' thresholds. @default the usual ones hold */
  readonly phase?: string;
  /** Resources of the state, and operations that were begun and did not end. */
  readonly state: Reading<{ readonly resources: number; readonly unfinished: number }>;
  readonly services: Reading<Services>;
  readonly alarms: Reading<Alarms>;
  readonly lock: Reading<readonly HeldLock[]>;
  readonly latches: Reading<readonly LatchStatus[]>;
  readonly barred: Reading<readonly BarredService[]>;
  readonly databases: Reading<readonly DatabaseStatus[]>;
  readonly replicas: Reading<readonly ReplicaStatus[]>;
  /** Undefined where the stack runs in one region. */
  readonly regions?: Reading<Regions>;
  readonly subscriptions: Reading<readonly Subscription[]>;
  /** The last test of the alarms' messages, in a line. @default the stack tells nobody of alarms */
  readonly alarmTest?: Reading<string>;
  readonly backups: Reading<readonly StoreBackup[]>;
  readonly secrets: Reading<Secrets>;
  /** Rules of the stack's security groups that its state does not hold. */
  readonly rules: Reading<readonly ForeignRule[]>;
  readonly changes: Reading<readonly PastUpdate[]>;
  /** Records that are gone, looked at where an alarm rings that one may explain. @default nothing asked for it */
  readonly records?: Reading<readonly RecordStatus[]>;
  /** What only a deep look tells. @default nobody asked */
  readonly deep?: Deep;
}
