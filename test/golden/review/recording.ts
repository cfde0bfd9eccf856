/** Previews of the real engine that were kept, by the kind of change. */
import { readFileSync } from "node:fs";
import { join } from "node:path";
import type { PreviewOutput } from "../../../ops/review/stackReview.ts";

/** What the engine printed once. */
export interface Recording {
  readonly stack: string;
  readonly exitCode: number;
  /** What stood before the digest. */
  readonly notes: string;
  readonly digest: unknown;
}

/** The kinds, and what each is about. */
export const recordedKinds = {
  nothing: "config and state agree",
  "canary-step": "candidate's weight 5 to 25",
  rollback: "candidate's weight 5 to 0",
  "waf-rule-blocks": "a Cloudflare rule goes from log to block",
  "aws-waf-rule-blocks": "a managed group of AWS WAF goes from count to block",
  "backup-retention": "a database's backups are kept 14 days instead of 35",
  "iam-broadening": "a service may write to a bucket that it only read",
  "iam-wildcard": "a role may do anything in S3",
  "protection-removed": "slipway:protect from true to false",
  "failed-preview": "another image for the colour that has the traffic, which the program refuses",
  capacity: "fewer tasks at most, and another variable",
  image: "the idle colour gets an image",
  "security-group-opened": "the load balancer's group is opened to the world",
  "database-replaced": "another master user, which replaces the database",
  "bucket-deleted": "a bucket leaves the config",
  "becomes-secret": "a property that was in clear becomes a secret, with another value",
  "versions-suspended": "a bucket keeps no versions any more",
} as const;

export type RecordedKind = keyof typeof recordedKinds;

/** The recorded preview of one kind, as the review takes it. */
export function recorded(kind: RecordedKind): PreviewOutput {
  const recording = JSON.parse(readFileSync(join(import.meta.dirname, "digests", `${kind}.json`), "utf8")) as Recording;
  return {
    project: "slipway",
    stack: recording.stack,
    exitCode: recording.exitCode,
    stdout: `${recording.notes}${JSON.stringify(recording.digest)}`,
    stderr: "",
  };
}
