/** Bad config of the automatic rollback: each gives one readable problem, and a command that mends it. */
import { describe, expect, test } from "vitest";
import { examine } from "../../../infra/config/parse.ts";
import { formatConfigPath } from "../../../infra/config/problem.ts";
import { applyFix, type Edits, rawConfig } from "../../harness/config.ts";

interface Case {
  readonly edits: Edits;
  readonly path: string;
  readonly says: string;
  /** Stack that is edited. @default production */
  readonly stack?: string;
  /** No single command can fix it; a person has to choose. */
  readonly noFix?: true;
}

const api = (more: Readonly<Record<string, unknown>>) => ({ autoRollback: { api: more } });

const cases: readonly Case[] = [
  { edits: { autoRollback: { apii: {} } }, path: "autoRollback.apii", says: "is not a service of the stack" },
  {
    edits: { autoRollback: { web: {} } },
    stack: "coinestate/production",
    path: "autoRollback.web",
    says: "moved by the cluster's own API",
  },
  { edits: api({ healthFailures: false }), path: "autoRollback.api", says: "has nothing that sets it off" },
  {
    edits: { ...api({ healthFailures: false, sla: true }), "alarms.requests.latencyMilliseconds": { p99: { P2: 3000 } } },
    path: "autoRollback.api",
    says: "has nothing that sets it off",
  },
  {
    edits: {
      autoRollback: { api: { blockedRequests: true }, web: { healthFailures: false, blockedRequests: true } },
      edge: { provider: "awsWaf", rules: {} },
    },
    path: "autoRollback.web",
    says: "blockedRequests of one service",
  },
  { edits: api({ action: "rollback" }), path: "autoRollback.api.action", says: "did you mean rollBack?" },
  { edits: api({ errorRate: { percent: 0, minutes: 5 } }), path: "autoRollback.api.errorRate.percent", says: "0.1" },
  { edits: api({ errorRate: { percent: 5, minutes: 61 } }), path: "autoRollback.api.errorRate.minutes", says: "an integer from 1 to 60" },
  {
    edits: api({ latency: { baselineMilliseconds: 200, percent: 100, minutes: 10 } }),
    path: "autoRollback.api.latency.percent",
    says: "an integer from 101",
  },
  {
    edits: api({ blockedRequests: true }),
    stack: "coinestate/production",
    path: "autoRollback.api.blockedRequests",
    says: "nothing of what Cloudflare does",
  },
  { edits: { ...api({}), notifications: {}, alarms: {} }, path: "autoRollback.api", says: "has nobody to tell", noFix: true },
];

describe("bad config", () => {
  test.each(cases)("$path: $says", ({ edits, path, says, stack = "production", noFix }) => {
    const raw = rawConfig(stack, edits);
    const { problems } = examine(raw);
    const found = problems.filter((problem) => formatConfigPath(problem.path) === path);
    expect(problems.map((problem) => formatConfigPath(problem.path))).toContain(path);
    const [problem] = found;
    expect(`${problem!.found} ${problem!.reason ?? ""} ${problem!.allowed ?? ""}`).toContain(says);
    if (noFix === true || problem!.fix === undefined) return;
    applyFix(raw, problem!.fix);
    expect(examine(raw).problems.map((one) => formatConfigPath(one.path))).not.toContain(path);
  });
});
