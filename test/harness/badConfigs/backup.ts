/** Bad configs of backups: each gives one readable problem that names the key. */
import { dataStores } from "../dataStack.ts";
import type { BadConfig } from "./badConfig.ts";

const rules = "backup.plans.main.rules";
export const everything = {
  databases: ["main", "ledger", "olympiad", "contracts"],
  buckets: ["kyc", "media", "metadata"],
  fileSystems: ["uploads"],
};
export const without = (area: keyof typeof everything, name: string) => ({
  "backup.plans.main.stores": { ...everything, [area]: everything[area].filter((other) => other !== name) },
});

const cases: readonly BadConfig[] = [
  { edits: without("databases", "main"), path: "databases.main", says: "is in no backup plan" },
  { edits: without("databases", "contracts"), path: "databases.contracts", says: "slipway:backup.exempt.databases.contracts" },
  { edits: without("buckets", "kyc"), path: "buckets.kyc", says: "is in no backup plan" },
  { edits: without("fileSystems", "uploads"), path: "fileSystems.uploads", says: "is in no backup plan" },
  {
    edits: { "backup.plans.main.stores": { ...everything, databases: [...everything.databases, "mian"] } },
    path: "backup.plans.main.stores.databases[4]",
    says: "not among databases",
  },
  {
    edits: { "backup.plans.main.stores": everything, "backup.exempt.buckets.media": "made again from the originals on demand" },
    path: "backup.exempt.buckets.media",
    says: "plan main takes it",
  },
  {
    edits: { "backup.exempt.buckets.thumbs": "made again from the originals on demand" },
    path: "backup.exempt.buckets.thumbs",
    says: "not among buckets",
  },
  {
    edits: { "backup.exempt.buckets.media": "not needed" },
    path: "backup.exempt.buckets.media",
    says: "20 characters at least",
    noFix: true,
  },
  { edits: { [`${rules}.daily.schedule`]: "cron(0 7 * * *)" }, path: `${rules}.daily.schedule`, says: "such as cron(0 7 * * ? *)" },
  { edits: { [`${rules}.daily.schedule`]: "rate(1 day)" }, path: `${rules}.daily.schedule`, says: "day of week" },
  {
    edits: { [`${rules}.daily.schedule`]: "cron(30 3 * * ? *)" },
    path: `${rules}.daily.schedule`,
    says: "starts within 03:00-04:00 of database",
    noFix: true,
  },
  {
    edits: { [`${rules}.daily.schedule`]: "cron(30 4 * * ? *)" },
    path: `${rules}.daily.schedule`,
    says: "sun:05:00-sun:06:00 of database",
    noFix: true,
  },
  { edits: { [`${rules}.daily.deleteAfterDays`]: 6 }, path: `${rules}.daily.deleteAfterDays`, says: "the job fails" },
  { edits: { [`${rules}.monthly.deleteAfterDays`]: 401 }, path: `${rules}.monthly.deleteAfterDays`, says: "from 7 to 400 days" },
  { edits: { [`${rules}.daily.copy.deleteAfterDays`]: 3 }, path: `${rules}.daily.copy.deleteAfterDays`, says: "outside the vault's lock" },
  { edits: { [`${rules}.daily.deleteAfterDays`]: 0 }, path: `${rules}.daily.deleteAfterDays`, says: "from 1 to 36500", noFix: true },
  { edits: { [`${rules}.daily.startWindowMinutes`]: 30 }, path: `${rules}.daily.startWindowMinutes`, says: "from 60 to" },
  {
    edits: { [`${rules}.daily.startWindowMinutes`]: 700 },
    path: `${rules}.daily.completionWindowMinutes`,
    says: "at least 760, an hour more",
    noFix: true,
  },
  { edits: { [`${rules}.monthly.coldAfterDays`]: 30 }, path: `${rules}.monthly.coldAfterDays`, says: "ignores for DocumentDB, RDS, S3" },
  {
    edits: {
      "backup.plans.files": {
        stores: { fileSystems: ["uploads"], databases: ["contracts"] },
        rules: { monthly: { schedule: "cron(0 7 1 * ? *)", deleteAfterDays: 119, coldAfterDays: 30 } },
      },
    },
    path: "backup.plans.files.rules.monthly.deleteAfterDays",
    says: "at least 120",
  },
  {
    edits: { [`${rules}.Daily`]: { schedule: "cron(0 7 * * ? *)", deleteAfterDays: 7 } },
    path: `${rules}.Daily`,
    says: "lower-case letters",
    noFix: true,
  },
  { edits: { [rules]: {} }, path: rules, says: "rules by name", noFix: true },
  { edits: { "backup.copyRegion": "us-east-1" }, path: "backup.copyRegion", says: "where the stack itself is", write: ["us-west-2"] },
  { edits: { "backup.copyRegion": "us-west-9" }, path: "backup.copyRegion", says: "us-west-2" },
  {
    edits: { [`${rules}.daily.copy`]: undefined, [`${rules}.monthly.copy`]: undefined },
    path: "backup.copyRegion",
    says: "nothing is copied there",
  },
  {
    edits: { "backup.copyRegion": undefined, [`${rules}.daily.copy`]: undefined },
    path: `${rules}.monthly.copy`,
    says: "there is no copyRegion",
  },
  { edits: { "backup.pointInTimeCopies": ["olympiad"] }, path: "backup.pointInTimeCopies[0]", says: "RDS alone" },
  { edits: { "backup.lock": { mode: "none" } }, path: "backup.lock.mode", says: '"none" in a protected stack', write: ["governance", 7] },
  {
    edits: { "backup.lock": { mode: "governance", minimumDays: 7, changeableForDays: 3 } },
    path: "backup.lock.changeableForDays",
    says: "is not a known key",
  },
  {
    edits: { "backup.lock": { mode: "compliance", minimumDays: 7, changeableForDays: 2 } },
    path: "backup.lock.changeableForDays",
    says: "from 3 to 36500",
  },
  { edits: { "backup.lock.maximumDays": 5 }, path: "backup.lock.maximumDays", says: "below the minimum 7", noFix: true },
  { edits: { "backup.classes.high.rtoMinutes": 30 }, path: "backup.classes.high.rtoMinutes", says: "less than the 60 of the class above" },
  {
    edits: {
      "databases.ledger.recoveryClass": "critical",
      "backup.classes.critical.rpoMinutes": 4,
      "databases.main.recoveryClass": "high",
      "databases.main.multiAz": true,
      "databases.olympiad.recoveryClass": "high",
      "databases.ledger.multiAz": true,
    },
    path: "databases.ledger.recoveryClass",
    says: "point-in-time recovery, 5 minutes",
  },
  { edits: { "buckets.metadata.recoveryClass": "high" }, path: "buckets.metadata.recoveryClass", says: "plan main, rule daily, 24 hours" },
  {
    edits: { "caches.sessions.recoveryClass": "critical" },
    path: "caches.sessions.recoveryClass",
    says: "ElastiCache's own daily snapshot, 24 hours",
  },
  {
    edits: { "caches.sessions.recoveryClass": "medium", "caches.sessions.snapshotRetentionDays": 0 },
    path: "caches.sessions.recoveryClass",
    says: "nothing of it is kept",
    write: [7],
  },
  { edits: { "backup.restoreTesting": undefined }, path: "backup.restoreTesting", says: "never restored is a hope" },
  {
    edits: { "backup.restoreTesting.schedule": "cron(0 9 1 1,7 ? *)" },
    path: "backup.restoreTesting.schedule",
    says: "once a month at least",
  },
  { edits: { "backup.restoreTesting.windowDays": 0 }, path: "backup.restoreTesting.windowDays", says: "from 1 to 365" },
  { edits: { "backup.severity": "p1" }, path: "backup.severity", says: "did you mean P1?" },
];

/** Bad configs of backups. */
export const backupCases: readonly BadConfig[] = cases.map((bad) => ({
  ...bad,
  edits: { ...structuredClone(dataStores), ...bad.edits },
}));
