/**
 * What happens to a pipeline, from its merges and approvals to what is live: run on the simulated cloud by `npm test`, and by
 * `npm run acceptance -- --only pipeline` with the real AWS provider. One after the other on one repository, each goes on where
 * the one before has ended.
 */
import assert from "node:assert/strict";
import { createServer } from "node:http";
import type { AddressInfo } from "node:net";
import { join } from "node:path";
import { setTimeout as pause } from "node:timers/promises";
import { rawConfig } from "../config.ts";
import { setInStackFile } from "../stackFile.ts";
import { applied, expectApplied, expectEnd, expectLive, expectRefused, expectSettled } from "./expectations.ts";
import type { Repository } from "./repository.ts";
import type { WorkflowRun } from "./workflowRun.ts";

/** One of them. */
export interface Scenario {
  readonly title: string;
  /** Left to the acceptance, as something like it is run by `npm test` otherwise. @default no */
  readonly long?: boolean;
  /** @returns what a reader of the acceptance's lines is told @throws AssertionError */
  readonly run: (repository: Repository) => Promise<string>;
}

const weight = "services.api.release.candidateWeight";
const maximum = "services.api.scaling.maximum";
const feature = "services.api.environment.FEATURE";
const unattended = ["--yes", "--skip-preview", "--non-interactive"];

const overlapping: Scenario = {
  title: "two merges in a row, the second while the first is applied: it is planned on what that leaves, and applied",
  run: async (repository) => {
    repository.merge({ [weight]: 5 });
    const first = await repository.deploy();
    const started: Promise<WorkflowRun>[] = [];
    const happens = async () => {
      repository.merge({ [maximum]: 3 });
      started.push(repository.deploy());
      while (!repository.newest.current.includes(" ci preview ")) await pause(100);
      await pause(3000); // by then it waits for the update
    };
    await first.approve("production", { moment: { at: "traffic", happens } });
    expectApplied(first, /Applied change set/);
    await expectLive(repository, 5);
    const second = await started[0];
    assert.ok(second);
    assert.match(second.said(), /waiting: \S+ is being changed by /);
    expectEnd(second, "production", "waiting");
    expectApplied(await second.approve("production"), /Applied change set/);
    return expectLive(repository, 5);
  },
};

const staleApproval: Scenario = {
  title: "an approval that comes after main has moved on applies nothing",
  run: async (repository) => {
    repository.merge({ [weight]: 25 });
    const late = await repository.deploy();
    repository.revert();
    await expectSettled(repository);
    expectRefused(await late.approve("production"), new RegExp(`superseded by ${repository.github.head.slice(0, 12)}`));
    return expectLive(repository, 5);
  },
};

const oldRun: Scenario = {
  title: "all jobs of an old run again: its plan says that it is behind, and its apply changes nothing",
  long: true,
  run: async (repository) => {
    repository.merge({ [maximum]: 2 });
    const old = await repository.deploy();
    expectApplied(await old.approve("production"), /Applied change set/);
    repository.merge({ [weight]: 25, [maximum]: 3 });
    expectApplied(await (await repository.deploy()).approve("production"), /Applied change set/);
    await old.again("all");
    assert.match(old.leg("plan").summary, /is 1 commit behind main/);
    expectRefused(await old.approve("production"), new RegExp(`superseded by ${repository.github.head.slice(0, 12)}`));
    return expectLive(repository, 25);
  },
};

const killed: Scenario = {
  title: "killed half way: the job again applies the rest of what was approved, and a third time nothing",
  long: true,
  run: async (repository) => {
    const [, green = 0] = await repository.machine.weights("api");
    repository.merge({ [feature]: "first" });
    const run = await repository.deploy();
    await run.approve("production", { moment: { at: "tasks", happens: "kill" } });
    expectEnd(run, "production", "failure");
    await (await run.again("failed")).approve("production");
    expectApplied(run, /A part of change set [0-9a-f]{12}: the rest of what was approved is there already/);
    await expectSettled(repository);
    return expectLive(repository, green);
  },
};

const killedThenMerged: Scenario = {
  title: "killed half way, then another merge: its run applies both, and the job of the first again nothing",
  long: true,
  run: async (repository) => {
    const [, green = 0] = await repository.machine.weights("api");
    repository.merge({ [feature]: "second" });
    const first = await repository.deploy();
    await first.approve("production", { moment: { at: "tasks", happens: "kill" } });
    expectEnd(first, "production", "failure");
    repository.merge({ [maximum]: 4 });
    const second = await repository.deploy();
    assert.match(second.leg("plan").summary, /2 `?ecs\.taskDefinition/); // what the first has left
    expectApplied(await second.approve("production"), /Applied change set/);
    await (await first.again("failed")).approve("production");
    expectRefused(first, /something else would happen|superseded by/);
    await expectSettled(repository);
    return expectLive(repository, green);
  },
};

const unhealthy: Scenario = {
  title: "users are not served after an update: red, red when it runs again, and green once they are",
  long: true,
  run: async (repository) => {
    let status = 503;
    const server = createServer((_, response) => response.writeHead(status).end());
    await new Promise<void>((resolve) => server.listen(0, "127.0.0.1", resolve));
    const address = `http://127.0.0.1:${(server.address() as AddressInfo).port}/health`;
    const flags = ["--health-seconds", "5"];
    try {
      repository.merge({ [weight]: 50 });
      const run = await repository.deploy({ health: [address] });
      const notServed = new RegExp(`these do not answer 200:\\s+${address}: answers 503`);
      await run.approve("production", { flags });
      for (const _ of ["again", "and again"]) {
        expectEnd(run, "production", "failure");
        assert.match(applied(run).all, notServed);
        await (await run.again("failed")).approve("production", { flags });
      }
      expectEnd(run, "production", "failure");
      status = 200;
      await (await run.again("failed")).approve("production", { flags });
      expectApplied(run, /nothing to apply/);
    } finally {
      server.close();
    }
    return expectLive(repository, 50);
  },
};

const backedUp: Scenario = {
  title: '"backup": true: the first store is made without one, and before the next update there is one of it',
  long: true,
  run: async (repository) => {
    repository.merge({
      "buckets.reports": { purpose: "private", recoveryClass: "medium" },
      "backup.plans.main": { stores: { buckets: ["reports"] }, rules: { daily: { schedule: "cron(0 7 * * ? *)", deleteAfterDays: 7 } } },
    });
    const first = await repository.deploy({ backup: true });
    repository.acknowledge(first);
    expectApplied(await first.approve("production"), /backs nothing up yet/);
    repository.merge({ [maximum]: 5 });
    const second = await repository.deploy({ backup: true });
    expectApplied(await second.approve("production"), /buckets-reports in us-east-1: COMPLETED/);
    return expectLive(repository, 50);
  },
};

const takenBack: Scenario = {
  title: "traffic is taken back by hand while an approval waits: what was approved does not bring it again",
  run: async (repository) => {
    repository.merge({ [weight]: 100 });
    const waiting = await repository.deploy();
    expectEnd(waiting, "production", "waiting");
    const folder = repository.checkout();
    setInStackFile(join(folder, `Pulumi.${repository.machine.stack}.yaml`), { [weight]: 0 });
    const { exitCode, stdout, stderr } = await repository.machine.byHand(folder, ["up", ...unattended]);
    assert.equal(exitCode, 0, stdout + stderr);
    await expectLive(repository, 0);
    expectRefused(await waiting.approve("production"), /now something else would happen/);
    await expectLive(repository, 0);
    repository.merge({ [weight]: 0 });
    await expectSettled(repository);
    return expectLive(repository, 0);
  },
};

const created: Scenario = {
  title: "a service is created: planned twice with one hash, applied, and another run finds nothing to do",
  run: async (repository) => {
    const { services, registry } = rawConfig("staging") as Record<string, Record<string, Record<string, unknown>>>;
    repository.merge({
      "registry.repositories.coinestate-staging-web": registry?.repositories?.["coinestate-staging-web"],
      "services.web": services?.web,
    });
    const run = await repository.deploy();
    const hash = run.hash();
    await run.again("all");
    assert.equal(run.hash(), hash);
    repository.acknowledge(run);
    await run.approve("production");
    if (repository.machine.pushesAhead) expectApplied(run, new RegExp(`Applied change set \`${hash}\``));
    else {
      expectEnd(run, "production", "failure");
      assert.match(applied(run).all, /nothing was deleted\. Next:[\s\S]*docker push \S+\/coinestate-staging-web:/);
      await (await run.again("failed")).approve("production");
      expectApplied(run, /A part of change set [0-9a-f]{12}: the rest of what was approved is there already/);
    }
    await expectSettled(repository);
    return expectLive(repository, 0, "web");
  },
};

const rolledBack: Scenario = {
  title: "slipway rollback now while an approval waits: what was approved does not bring the traffic again",
  long: true,
  run: async (repository) => {
    repository.merge({ [weight]: 5 });
    expectApplied(await (await repository.deploy()).approve("production"), /Applied change set/);
    await expectLive(repository, 5);
    repository.merge({ [weight]: 25 });
    const waiting = await repository.deploy();
    expectEnd(waiting, "production", "waiting");
    const now = ["rollback", "now", "--service", "api", "--reason", "errors since the last step"];
    const { exitCode, stdout, stderr } = await repository.machine.byHand(repository.checkout(), now);
    assert.equal(exitCode, 0, stdout + stderr);
    await expectLive(repository, 0);
    await waiting.approve("production");
    expectEnd(waiting, "production", "failure");
    return expectLive(repository, 0);
  },
};

const queued: Scenario = {
  title: "a merge queue's commit gets the checks that are required, and no role, preview or comment",
  run: async (repository) => {
    const { jobs } = await repository.queue();
    const { checks, ...others } = jobs;
    assert.equal(checks, "success");
    // GitHub counts a required job that was skipped as one that succeeded.
    assert.deepEqual([...new Set(Object.values(others))], ["skipped"]);
    return expectLive(repository, 0);
  },
};

export const scenarios: readonly Scenario[] = [
  queued,
  overlapping,
  staleApproval,
  oldRun,
  killed,
  killedThenMerged,
  unhealthy,
  backedUp,
  takenBack,
  created,
  rolledBack,
];
