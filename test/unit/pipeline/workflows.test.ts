/** The workflows keep what keeps a pipeline safe, each as one rule over all of them. */
import { spawnSync } from "node:child_process";
import { existsSync, readdirSync, readFileSync } from "node:fs";
import { dirname, join, relative } from "node:path";
import { describe, expect, test } from "vitest";
import { parse } from "yaml";
import { sessionSeconds } from "../../../components/access/pipelineAccess.ts";
import type { PipelineRole } from "../../../components/access/scope.ts";
import { reviewerFiles, reviewerPaths } from "../../../ops/ci/reviewer.ts";
import { sourceEngines } from "../../../sandbox/engine/versions.ts";
import type { Job, Workflow } from "../../harness/pipeline/workflow.ts";

const root = join(import.meta.dirname, "..", "..", "..");
const folder = join(root, ".github", "workflows");

const files = readdirSync(folder).sort();
const texts = new Map(files.map((file) => [file, readFileSync(join(folder, file), "utf8")]));
const workflows = new Map([...texts].map(([file, text]) => [file, parse(text) as Workflow]));
const jobs = [...workflows].flatMap(([file, { jobs: all }]) => Object.entries(all).map(([name, job]) => [`${file} ${name}`, job] as const));
const steps = jobs.flatMap(([name, job]) => job.steps.map((step, index) => [`${name} step ${index + 1}`, step] as const));

/** As GitHub writes one. */
const expression = (text: string) => `$\{{ ${text} }}`;

test("there are the four of docs/ci.md", () => expect(files).toEqual(["deploy.yml", "drift.yml", "pr.yml", "unlock.yml"]));

test("a pull request is held to the gate, one command, as everybody is", () => {
  const run = workflows.get("pr.yml")!.jobs.checks!.steps.flatMap((step) => step.run ?? []);
  expect(run).toContain("npm run gate --silent");
  expect(readFileSync(join(root, ".ci", "run"), "utf8")).toContain("exec npm run gate --silent");
  expect(steps.filter(([, { run: words = "" }]) => /npm (?:test|run (?:scan|bench|smoke))\b/.test(words))).toEqual([]);
});

describe.each(files)("%s", (file) => {
  test("starts from no permission at all", () => expect(workflows.get(file)!.permissions).toEqual({}));
  test("is never run with a stranger's code and this repository's rights", () =>
    expect(Object.keys(workflows.get(file)!.on)).not.toContain("pull_request_target"));
  test("names every action by commit and version", () => {
    const lines = texts
      .get(file)!
      .split("\n")
      .filter((line) => /\buses:/.test(line));
    expect(lines.length).toBeGreaterThan(0);
    for (const line of lines) expect(line).toMatch(/uses: [\w-]+\/[\w-]+@[0-9a-f]{40} # v\d+\.\d+\.\d+$/);
  });
});

test("one commit for each action, everywhere", () => {
  const named = steps.flatMap(([, { uses }]) => (uses === undefined ? [] : [uses]));
  const byAction = Map.groupBy([...new Set(named)], (uses) => uses.split("@")[0]);
  for (const [, versions] of byAction) expect(versions.length).toBe(1);
});

test.each(jobs)("%s ends some time, and says what it may", (_, job) => {
  expect(job["timeout-minutes"]).toBeGreaterThan(0);
  expect(job.permissions?.contents).toBe("read");
});

test("each right is had where it is used, and nowhere else", () => {
  const having = (right: string) => jobs.filter(([, { permissions }]) => permissions?.[right] === "write").map(([name]) => name);
  expect(having("id-token")).toEqual([
    "deploy.yml plan",
    "deploy.yml returns",
    "deploy.yml staging",
    "deploy.yml production",
    "drift.yml drift",
    "pr.yml preview",
    "unlock.yml unlock",
  ]);
  expect(having("pull-requests")).toEqual(["pr.yml comment"]);
  expect(having("issues")).toEqual(["drift.yml drift"]);
  expect(having("contents")).toEqual([]);
});

test("who takes a role is known: the apply role only in its stack's environment, pull requests the preview role, the branch the others", () => {
  const roles = jobs.flatMap(([name, { steps: own, environment }]) =>
    own.flatMap((step) =>
      step.with?.["role-to-assume"] === undefined ? [] : [[name, String(step.with["role-to-assume"]), environment] as const],
    ),
  );
  const [own, reading] = [expression("matrix.target.environment"), expression("vars.SLIPWAY_READ_ENVIRONMENT")];
  expect(roles.map(([name, role, environment]) => [name, role.match(/matrix\.target\.(\w+)/)?.[1], environment])).toEqual([
    ["deploy.yml plan", "planRole", reading],
    ["deploy.yml returns", "applyRole", own],
    ["deploy.yml staging", "applyRole", own],
    ["deploy.yml production", "applyRole", own],
    ["drift.yml drift", "driftRole", reading],
    ["pr.yml preview", "previewRole", undefined],
    ["unlock.yml unlock", "planRole", undefined],
  ]);
});

test("credentials outlive the job that works with them, and no role is asked for more than it gives", () => {
  const sessions = jobs.flatMap(([name, job]) =>
    job.steps.flatMap((step) => {
      const [, role] = String(step.with?.["role-to-assume"]).match(/matrix\.target\.(\w+)Role/) ?? [];
      if (role === undefined) return [];
      const seconds = Number(step.with?.["role-duration-seconds"] ?? 3600); // the action's default
      return [{ name, seconds, most: sessionSeconds[role as PipelineRole], job: Number(job["timeout-minutes"]) * 60 }];
    }),
  );
  expect(sessions).toHaveLength(7);
  // Half an hour more: a runner's clean-up, and the steps before the session, count for the job and not for the session.
  for (const { name, seconds, most, job } of sessions) {
    expect(seconds, name).toBeGreaterThanOrEqual(job + 1800);
    expect(seconds, name).toBeLessThanOrEqual(most);
  }
});

test("Cloudflare is read with the token that can only read, and changed by jobs of an environment alone", () => {
  const tokens = steps.flatMap(([name, { env }]) =>
    env?.CLOUDFLARE_API_TOKEN === undefined ? [] : [[name, env.CLOUDFLARE_API_TOKEN] as const],
  );
  const nothing = "0".repeat(40);
  expect(Object.fromEntries(tokens.map(([name, token]) => [name.replace(/ step \d+$/, ""), token]))).toEqual({
    "deploy.yml plan": expression(`secrets.CLOUDFLARE_READ_TOKEN || '${nothing}'`),
    "deploy.yml returns": expression("secrets.CLOUDFLARE_API_TOKEN"),
    "deploy.yml staging": expression("secrets.CLOUDFLARE_API_TOKEN"),
    "deploy.yml production": expression("secrets.CLOUDFLARE_API_TOKEN"),
    "drift.yml drift": expression("secrets.CLOUDFLARE_READ_TOKEN"),
    "pr.yml preview": nothing,
  });
});

test("C11 no token for Cloudflare is a secret that a workflow on any branch can read", () => {
  const given = [...workflows].flatMap(([file, { jobs: own }]) =>
    Object.entries(own).map(([name, job]) => ({ name: `${file} ${name}`, job })),
  );
  const tokens = given.filter(({ job }) => JSON.stringify(job).includes("secrets.CLOUDFLARE_"));
  expect(tokens.map(({ name }) => name)).toHaveLength(5);
  expect(tokens.filter(({ job }) => !("environment" in job)).map(({ name }) => name)).toEqual([]);
});

test("a pull request is given no secret, and a fork no role", () => {
  expect(texts.get("pr.yml")).not.toContain("secrets.");
  expect(workflows.get("pr.yml")!.jobs.stacks!.if).toContain("github.event.pull_request.head.repo.full_name == github.repository");
  expect(workflows.get("pr.yml")!.jobs.checks!.permissions).toEqual({ contents: "read" });
});

test("one run a stack: an apply is never cancelled, and none that waits is dropped", () => {
  const applying = jobs.filter(([, { steps: own }]) => own.some(({ run }) => /slipway\.js ci (apply|unlock)/.test(run ?? "")));
  const stack = expression("matrix.target.stack");
  // actionlint does not know `queue` and is told to pass over it, so its value is checked here.
  for (const [, { concurrency }] of applying) expect(concurrency).toMatchObject({ "cancel-in-progress": false, queue: "max" });
  expect(applying.map(([name, { concurrency }]) => [name, concurrency?.group])).toEqual([
    ["deploy.yml returns", `slipway-returns-${stack}`],
    ["deploy.yml staging", `slipway-${stack}`],
    ["deploy.yml production", `slipway-${stack}`],
    ["unlock.yml unlock", `slipway-${stack}`],
  ]);
});

test("production waits for staging and for its approval", () => {
  const { production } = workflows.get("deploy.yml")!.jobs as Record<string, Job & { readonly needs: readonly string[] }>;
  expect(production!.needs).toEqual(["changes", "staging"]);
  expect(production!.environment).toBe(expression("matrix.target.environment"));
});

test("the comment and the lock are seen to whatever happened before", () => {
  expect(workflows.get("pr.yml")!.jobs.comment!.if).toContain("!cancelled()");
  const freeing = steps.filter(([, { run }]) => run?.includes("release-own")) as unknown as [string, { readonly if: string }][];
  expect(freeing.map(([, step]) => step.if)).toEqual(["always()", "always()", "always()"]);
});

const scripts = steps.filter(([, { run }]) => run !== undefined);

test.each(scripts)("%s: its script is one that a shell reads, and nothing is pasted into it", (_, { run = "" }) => {
  expect(run).not.toContain("${{");
  const { status, stderr } = spawnSync("bash", ["-n"], { input: run, encoding: "utf8" });
  expect([status, stderr]).toEqual([0, ""]);
});

test("scripts are files of this repository, and variables in them are given", () => {
  expect(scripts.length).toBeGreaterThan(8);
  for (const [name, { run = "", env = {} }] of scripts) {
    for (const [, file] of run.matchAll(/\b(ops\/[\w/.-]+\.[jt]s)\b/g))
      expect(existsSync(join(root, file!)), `${name}: ${file}`).toBe(true);
    for (const [, variable] of run.matchAll(/\$(\w+)/g)) expect(Object.keys(env), name).toContain(variable);
  }
});

test("no token stays in the checkout", () => {
  const checkouts = steps.filter(([, { uses }]) => uses?.startsWith("actions/checkout@"));
  const running = jobs.filter(([, { steps: own }]) => own.some(({ run }) => run?.includes("ops/install.js") || run?.includes("npm ")));
  expect(checkouts.length).toBe(running.length + 1); // a preview has the target branch's reviewer besides
  for (const [, step] of checkouts) expect(step.with).toMatchObject({ "persist-credentials": false });
});

const taking = jobs.filter(([, { steps: own }]) => own.some(({ with: given }) => given?.["role-to-assume"] !== undefined));

test("V12 only stacks that change are applied, and a plan that failed holds its own stack alone", () => {
  const { changes, returns, staging, production } = workflows.get("deploy.yml")!.jobs as Record<
    string,
    Job & { readonly needs: readonly string[] }
  >;
  expect(changes?.if).toBe(expression("!cancelled() && needs.stacks.result == 'success'"));
  expect(changes!.steps.at(-1)!.run).toBe("node ops/install.js ops/slipway.js ci changed --in artefacts");
  for (const [job, needs] of [
    [returns!, ["changes"]],
    [staging!, ["changes"]],
    [production!, ["changes", "staging"]],
  ] as const) {
    expect(job.needs).toEqual(needs);
    expect(job.if).toContain("!cancelled() && needs.changes.result == 'success'");
  }
  expect(production!.if).toContain(`contains(fromJSON('["success", "skipped"]'), needs.staging.result)`);
});

test.each(taking)("V17 %s has everything installed before there are credentials", (_, { steps: own }) => {
  const installs = own.findIndex(({ run }) => /^node ops\/install\.js(?: ops\/slipway\.js ci engine)?$/.test(run ?? ""));
  expect(installs).toBeGreaterThan(0);
  expect(installs).toBeLessThan(own.findIndex(({ with: given }) => given?.["role-to-assume"] !== undefined));
});

test("V18 every job that runs the engine runs the pinned one", () => {
  const running = jobs.filter(([, { steps: own }]) => own.some(({ run }) => /slipway\.js ci (?:preview|apply|drift)/.test(run ?? "")));
  expect(running).toHaveLength(6);
  for (const [name, job] of running) expect([name, job.env?.SLIPWAY_ENGINE]).toEqual([name, sourceEngines.newest]);
});

test("V22 a merge queue has the checks that are required", () => {
  const { on, concurrency } = workflows.get("pr.yml")!;
  expect(on).toHaveProperty("merge_group");
  expect(concurrency?.group).toBe(`pull-request-${expression("github.event.pull_request.number || github.ref")}`);
});

test("V25 a return of traffic waits for no search for drift, no approval of another apply and no other stack", () => {
  const { drift } = workflows.get("drift.yml")!.jobs;
  const { returns, ...others } = workflows.get("deploy.yml")!.jobs as Record<string, Job & { readonly needs?: readonly string[] }>;
  expect(drift!.concurrency).toEqual({ group: `drift-${expression("matrix.target.stack")}`, "cancel-in-progress": false });
  expect(returns!.needs).toEqual(["changes"]);
  expect(returns!.environment).toBe(expression("matrix.target.environment"));
  const shared = [
    ...Object.values(others),
    ...["drift.yml", "pr.yml", "unlock.yml"].flatMap((file) => Object.values(workflows.get(file)!.jobs)),
  ];
  expect(shared.filter(({ concurrency }) => concurrency?.group === returns!.concurrency?.group)).toEqual([]);
  expect(workflows.get("deploy.yml")!.concurrency).toBeUndefined();
});

test("V28 a fork's pull request is told why it has no preview", () => {
  const { fork, stacks } = workflows.get("pr.yml")!.jobs;
  expect(fork?.if).toBe("github.event_name == 'pull_request' && github.event.pull_request.head.repo.full_name != github.repository");
  expect(stacks!.if).toContain("github.event.pull_request.head.repo.full_name == github.repository");
  expect(JSON.stringify(fork!.steps)).toContain("::notice title=No preview::");
});

test("V30 the plan of a merge is held against what the pull request's reviewers read", () => {
  const { plan } = workflows.get("deploy.yml")!.jobs;
  const [preview] = plan!.steps.filter(({ run }) => run?.includes("ci preview"));
  expect(preview!.run).toContain(" --reviewed");
  expect(preview!.env?.GITHUB_TOKEN).toBe(expression("github.token"));
  expect(plan!.permissions?.["pull-requests"]).toBe("read");
});

test("V8 which stacks there are, what is said of them and what is grave is nothing for a pull request's own code", () => {
  const { checks, ...judging } = workflows.get("pr.yml")!.jobs;
  const refs = Object.entries(judging).map(([name, { steps: own }]) => [
    name,
    own.flatMap(({ uses, with: given }) => (uses?.startsWith("actions/checkout@") ? [given?.ref ?? "the pull request"] : [])),
  ]);
  const base = expression("github.event.pull_request.base.sha");
  expect(Object.fromEntries(refs)).toEqual({
    stacks: [base],
    fork: [],
    preview: ["the pull request", base],
    comment: [base],
    risk: [base],
  });
  const order = judging.preview!.steps.map(({ name }) => name ?? "");
  expect(order.indexOf("Let the target branch's reviewer judge")).toBe(order.indexOf("Preview") - 2);
});

/** Files that a file of the repository imports, and so on. */
function importedBy(file: string, seen = new Set<string>()): Set<string> {
  if (seen.has(file)) return seen;
  seen.add(file);
  for (const [, path] of readFileSync(join(root, file), "utf8").matchAll(/(?:from|import\()\s*"(\.[^"]+\.[jt]s)"/g))
    importedBy(relative(root, join(root, dirname(file), path!)), seen);
  return seen;
}

test("V8 all that the pipeline's commands load is the reviewer's, or what the pull request is about", () => {
  const loaded = [...importedBy("ops/ci/command.ts"), ...importedBy("ops/install.js"), ...importedBy("ops/slipway.js")];
  expect(loaded.length).toBeGreaterThan(100);
  const others = loaded.filter((file) => reviewerFiles([file]).length === 0 && !/^(?:infra|components)\//.test(file));
  expect(others).toEqual([]);
});

test("V8 whoever changes the reviewer needs its owners", () => {
  const lines = readFileSync(join(root, ".github", "CODEOWNERS"), "utf8").split("\n");
  const owned = lines.flatMap((line) => /^\/(\S+)\s+@\S+/.exec(line)?.[1] ?? []);
  expect(owned).toEqual([...reviewerPaths]);
  const page = readFileSync(join(root, "docs", "ci.md"), "utf8");
  for (const path of reviewerPaths) expect(page).toContain(`/${path}`);
});

test("V9 what is grave is a check of its own, and an apply can ask whose word there is", () => {
  const { risk } = workflows.get("pr.yml")!.jobs;
  expect(risk?.if).toBe(expression("!cancelled() && needs.stacks.result == 'success'"));
  expect(risk?.steps.at(-1)?.run).toBe("node ops/install.js ops/slipway.js ci risk --in artefacts");
  expect(risk?.permissions).toEqual({ contents: "read", "pull-requests": "read" });
  const applying = jobs.filter(([, { steps: own }]) => own.some(({ run }) => run?.includes(" ci apply ")));
  expect(applying).toHaveLength(3);
  for (const [, { permissions, environment, steps: own }] of applying) {
    expect(permissions).toMatchObject({ actions: "read", "pull-requests": "read" });
    expect(own.find(({ run }) => run?.includes(" ci apply "))!.env?.SLIPWAY_ENVIRONMENT).toBe(environment);
  }
});

test("V21 a run that a newer one took the place of leaves the comment alone", () => {
  const { comment } = workflows.get("pr.yml")!.jobs;
  expect(comment?.if).toMatch(/!cancelled\(\) && needs\.stacks\.result == 'success'/);
  expect(comment?.if).not.toContain("always()");
});
