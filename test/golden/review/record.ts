/**
 * Records what the real engine prints for the changes that reviewers have to recognise. Run after an upgrade of the engine:
 * node ops/install.js test/golden/review/record.ts [name…]
 */
import { readFileSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { parseDocument } from "yaml";
import { cloudflareEdge, portableRules } from "../../harness/edge/declared.ts";
import { StackUnderTest } from "../../harness/stack.ts";
import type { Recording, recordedKinds } from "./recording.ts";

const root = join(import.meta.dirname, "..", "..", "..");
const only = process.argv.slice(2);

/** One change on top of a running stack. */
interface Kind {
  readonly name: keyof typeof recordedKinds;
  readonly edits?: Readonly<Record<string, unknown>>;
  /** Taken back afterwards. @default the edits of `base` */
  readonly undo?: Readonly<Record<string, unknown>>;
  readonly variant?: string;
}

const image = (half: string) => `sha256:${half.repeat(4)}`;
const database = {
  engine: "postgres",
  instanceClass: "db.t4g.medium",
  databaseName: "coinestate",
  applicationUser: "coinestate_app",
  backupRetentionDays: 35,
};

async function record(stackName: string, base: Readonly<Record<string, unknown>>, variant: string, kinds: readonly Kind[]): Promise<void> {
  const wanted = kinds.filter(({ name }) => only.length === 0 || only.includes(name));
  if (wanted.length === 0) return;
  const stack = new StackUnderTest(stackName);
  try {
    const project = parseDocument(readFileSync(join(stack.folder, "Pulumi.yaml"), "utf8"));
    project.set("main", join(root, "test", "harness", "variant.ts"));
    writeFileSync(join(stack.folder, "Pulumi.yaml"), project.toString());
    stack.set(base);
    const up = await stack.slipwayWith(
      { SLIPWAY_VARIANT: variant },
      "up",
      "--stack",
      stackName,
      "--yes",
      "--skip-preview",
      "--non-interactive",
    );
    if (up.exitCode !== 0) throw new Error(`${stackName} could not be made:\n${up.stdout}\n${up.stderr}`);
    const original = readFileSync(stack.file, "utf8");
    for (const { name, edits = {}, variant: edited = variant } of wanted) {
      stack.set(edits);
      const preview = await stack.slipwayWith(
        { SLIPWAY_VARIANT: edited },
        "preview",
        "--stack",
        stackName,
        "--json",
        "--show-replacement-steps",
        "--non-interactive",
      );
      const recording = recordingOf(preview.exitCode, preview.stdout, stack.folder);
      writeFileSync(
        join(import.meta.dirname, "digests", `${name}.json`),
        `${JSON.stringify({ stack: stackName, ...recording }, null, 1)}\n`,
      );
      console.log(`${name}: exit code ${preview.exitCode}, ${preview.stdout.length} characters`);
      writeFileSync(stack.file, original);
    }
  } finally {
    stack.remove();
  }
}

/** Without what differs from machine to machine and is never read: traces of the program's stack, times. */
function recordingOf(exitCode: number, stdout: string, folder: string): Omit<Recording, "stack"> {
  const text = stdout.replaceAll(folder, "<project>").replaceAll(root, "<root>");
  const start = text.indexOf("{");
  const ignored = new Set(["stackTrace", "sourcePosition", "created", "modified", "duration"]);
  return {
    exitCode,
    notes: text.slice(0, start),
    digest: JSON.parse(text.slice(start), (key, value: unknown) => (ignored.has(key) ? undefined : value)),
  };
}

const cloudflareRules = { ...portableRules, "sql-injection": { ...portableRules["sql-injection"], mode: "log" } };

await record(
  "bench/production",
  {
    edge: { ...cloudflareEdge, rules: cloudflareRules },
    "loadBalancer.allowFrom": [],
    databases: { main: { ...database, multiAz: true, recoveryClass: "critical" } },
    buckets: { metadata: { purpose: "private" } },
    "services.api.connects": { databases: ["main"], buckets: { metadata: "read" } },
    "services.api.release.candidateWeight": 5,
  },
  "",
  [
    { name: "nothing" },
    { name: "canary-step", edits: { "services.api.release.candidateWeight": 25 } },
    { name: "rollback", edits: { "services.api.release.candidateWeight": 0 } },
    { name: "waf-rule-blocks", edits: { "edge.rules.sql-injection.mode": "block" } },
    { name: "backup-retention", edits: { "databases.main.backupRetentionDays": 14 } },
    { name: "iam-broadening", edits: { "services.api.connects.buckets.metadata": "readWrite" } },
    { name: "protection-removed", edits: { protect: false } },
    { name: "failed-preview", edits: { "services.api.release.blue.image": image("aaaa9c0e5b7d2468") } },
    { name: "capacity", edits: { "services.api.scaling.maximum": 8, "services.api.environment.LOG_LEVEL": "debug" } },
  ],
);

await record(
  "staging",
  {
    "loadBalancer.allowFrom": ["10.0.0.0/8"],
    edge: { provider: "awsWaf", rules: { common: { type: "managed", priority: 10, set: "common", mode: "log" } } },
    databases: { main: { ...database, backupRetentionDays: 7 } },
    buckets: { metadata: { purpose: "private" } },
    "services.api.connects": { databases: ["main"], buckets: { metadata: "read" } },
  },
  "plain",
  [
    { name: "image", edits: { "services.api.release.green": { image: image("4d5e5b7d2468ace0") } } },
    { name: "security-group-opened", edits: { "loadBalancer.allowFrom": ["10.0.0.0/8", "0.0.0.0/0"] } },
    { name: "database-replaced", variant: "plain,databaseReplace" },
    { name: "bucket-deleted", edits: { buckets: {}, "services.api.connects": { databases: ["main"] } } },
    { name: "becomes-secret", variant: "secret" },
    { name: "iam-wildcard", variant: "plain,wide" },
    { name: "aws-waf-rule-blocks", edits: { "edge.rules.common.mode": "block" } },
    { name: "versions-suspended", variant: "plain,alarming" },
  ],
);
