/** The pipeline's own steps, on the real engine and with a GitHub on loopback: pull request, merge, drift. */
import { cpSync, readdirSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { createServer, type Server } from "node:http";
import type { AddressInfo } from "node:net";
import { join } from "node:path";
import { execa } from "execa";
import { afterAll, beforeAll, describe, expect, test } from "vitest";
import { plainText } from "../../ops/review/phrase.ts";
import { readReview } from "../../ops/review/review.ts";
import type { StackReview } from "../../ops/review/stackReview.ts";
import { findEngine } from "../../sandbox/engine/engine.ts";
import { sourceOf } from "../harness/config.ts";
import { dataStores } from "../harness/dataStack.ts";
import { FakeGitHub, pipelineAuthor } from "../harness/fakeGitHub.ts";
import { onlyApi, unprotected, unwatched } from "../harness/smallStacks.ts";
import { StackUnderTest } from "../harness/stack.ts";

const weight = "services.api.release.candidateWeight";

describe("a repository with two stacks", () => {
  const stack = new StackUnderTest("bench/production", { ...unprotected, ...onlyApi });
  const staging = join(stack.folder, "Pulumi.staging.yaml");
  const github = new FakeGitHub();
  let environment: Record<string, string> = {};

  const ci = (args: readonly string[], env: Readonly<Record<string, string>> = {}) =>
    stack.slipwayWith({ ...environment, ...env }, "ci", ...args);
  const preview = (name: string) => ci(["preview", "--stack", name, "--out", join("artefacts", name)]);
  const comment = (run: string) =>
    ci(["comment", "--in", "artefacts"], { GITHUB_RUN_NUMBER: run, SLIPWAY_STACK_NAMES: '["production","staging","eu"]' });
  const apply = (...flags: string[]) =>
    ci(["apply", "--stack", "production", "--approved", join("artefacts", "production", "review.json"), ...flags]);

  beforeAll(async () => {
    environment = await github.start();
    const event = join(stack.folder, "event.json");
    writeFileSync(
      event,
      JSON.stringify({ pull_request: { number: 12, head: { sha: environment.GITHUB_SHA }, base: { sha: "0".repeat(40) } } }),
    );
    environment.GITHUB_EVENT_PATH = event;
    environment.GITHUB_STEP_SUMMARY = join(stack.folder, "summary.md");
    for (let index = 0; index < 130; index++) github.seed("somebody", `comment ${index}`);
    cpSync(join(sourceOf("staging").folder, "Pulumi.staging.yaml"), staging);
    await stack.prepare();
  });
  afterAll(() => {
    github.stop();
    stack.remove();
  });

  test("a pull request gets one comment: what changes, what failed, what never answered", async () => {
    stack.set({ [weight]: 5 });
    const good = readFileSync(staging, "utf8");
    writeFileSync(staging, good.replace(/cidr: 10\.21\.0\.0\/16/, "cidr: 10.21.0.0/99"));
    expect((await preview("production")).exitCode).toBe(0);
    expect((await preview("staging")).exitCode).toBe(1);
    writeFileSync(staging, good);
    // Somebody quotes the marker of a comment: it is not the pipeline's own.
    github.seed("somebody", '<!-- slipway:review {"project":"slipway","commit":"x","run":99,"stacks":{}} -->');
    expect((await comment("7")).stdout).toBe("comment created");
    expect(github.writes).toEqual(["POST /issues/12/comments"]);
    const { body, user } = github.comments.at(-1)!;
    expect(user?.login).toBe(pipelineAuthor);
    expect(body).toContain("## ⛔ staging: refused: Pulumi.staging.yaml has 1 problem; production: traffic moves; 1 without a result");
    expect(body).toContain("- **api canary 0 % → 5 %** in us-east-1 (green, `sha256:9c0e5b7d…`)");
    expect(body).toContain("### staging: ⛔ **refused: Pulumi.staging.yaml has 1 problem**");
    expect(body).toContain("slipway:network.cidr");
    expect(body).toContain("### eu: no result");
  });

  test("the artefact holds the masked review and a report, and no state", () => {
    expect(readdirSync(join(stack.folder, "artefacts", "production")).sort()).toEqual(["report.md", "review.json"]);
    const text = readFileSync(join(stack.folder, "artefacts", "production", "review.json"), "utf8");
    expect(text).not.toContain("oldState");
    expect(text.length).toBeLessThan(10_000);
  });

  test("another push edits the same comment, and no credential is in it", async () => {
    const before = readFileSync(stack.file, "utf8");
    stack.set({
      [weight]: 0,
      // In an environment they are refused; the review masks them wherever they are.
      "services.api.command": ["mirror", "--key=AKIAIOSFODNN7EXAMPLE", "https://u:hunter2pass@mirror.example"],
    });
    expect((await preview("production")).exitCode).toBe(0);
    writeFileSync(stack.file, before);
    const count = github.comments.length;
    expect((await comment("8")).stdout).toBe("comment updated");
    expect(github.comments.length).toBe(count);
    const { body } = github.comments.at(-1)!;
    expect(body).toContain('`["mirror","--key=[secret]","https://u:[secret]@mirror.example"]`');
    expect(body).not.toContain("canary");
    expect(body).not.toMatch(/AKIA|hunter2/);
    expect(readFileSync(join(stack.folder, "artefacts", "production", "review.json"), "utf8")).not.toMatch(/AKIA|hunter2/);
  });

  test("a run that was overtaken by a later one leaves the comment", async () => {
    const writes = github.writes.length;
    expect((await comment("6")).stdout).toBe("comment left");
    expect((await comment("8")).stdout).toBe("comment unchanged");
    expect(github.writes.length).toBe(writes);
  });

  test("what was planned is applied, and users are served", async () => {
    expect((await preview("production")).exitCode).toBe(0);
    const [server, address] = await answering(200);
    const result = await ci(["apply", "--stack", "production", "--approved", "artefacts/production/review.json"], {
      SLIPWAY_HEALTH: JSON.stringify([address]),
    });
    server.close();
    expect(result.exitCode, result.stdout + result.stderr).toBe(0);
    expect(stack.liveWeights("api")).toEqual([95, 5]);
    expect(readFileSync(join(stack.folder, "summary.md"), "utf8")).toMatch(/Applied change set `[0-9a-f]{12}` to `production`\./);
  });

  test("a second run of the job finds nothing to do", async () => {
    const again = await apply();
    expect([again.exitCode, again.stdout]).toEqual([0, expect.stringContaining("production: no change")]);
  });

  test("an apply refuses what was not approved: config has moved on", async () => {
    stack.set({ [weight]: 25 });
    expect((await preview("production")).exitCode).toBe(0);
    stack.set({ [weight]: 50 });
    const result = await apply();
    expect(result.exitCode).toBe(3);
    expect(result.stderr).toContain("api canary 5 % → 25 %");
    expect(result.stderr).toContain("api canary 5 % → 50 %");
    expect(stack.liveWeights("api")).toEqual([95, 5]);
  });

  test("an apply refuses when somebody has moved what is live", async () => {
    stack.set({ [weight]: 25 });
    const rule = stack
      .live("aws:lb/listenerRule:ListenerRule")
      .find(({ createdFor }) => createdFor.endsWith("::coinestate-prod-use1-api"))!;
    await stack.slipway("sandbox", "set", rule.id, "actions[0].forward.targetGroups[1].weight", "40");
    const result = await apply();
    expect(result.exitCode).toBe(3);
    expect(stack.liveWeights("api")).toEqual([95, 40]);
    await stack.slipway("sandbox", "set", rule.id, "actions[0].forward.targetGroups[1].weight", "5");
  });

  test("two updates never run at once", async () => {
    expect((await preview("production")).exitCode).toBe(0);
    const held = join(stack.folder, "held");
    writeFileSync(held, "");
    const first = stack.up("--fault", `delay update aws:lb/listenerRule:ListenerRule 1 before while=${held}`);
    await until(() => locks(stack.folder) > 0);
    const second = await ci(["apply", "--stack", "production", "--lock-seconds", "0", "--approved", "artefacts/production/review.json"]);
    const meanwhile = stack.liveWeights("api");
    rmSync(held);
    expect(second.exitCode).not.toBe(0);
    expect(second.stderr).toContain("production is being changed by ");
    expect(meanwhile).toEqual([95, 5]);
    expect((await first).exitCode).toBe(0);
    expect(stack.liveWeights("api")).toEqual([75, 25]);
  });

  test("an update after which users are not served ends red, with the address", async () => {
    stack.set({ [weight]: 50 });
    expect((await preview("production")).exitCode).toBe(0);
    const [server, address] = await answering(503);
    const result = await ci(["apply", "--stack", "production", "--approved", "artefacts/production/review.json", "--health-seconds", "4"], {
      SLIPWAY_HEALTH: JSON.stringify([address]),
    });
    expect(result.exitCode).toBe(1);
    expect(result.stderr).toContain(`${address}: answers 503`);
    expect(stack.liveWeights("api")).toEqual([50, 50]);
    const again = await ci(["apply", "--stack", "production", "--approved", "artefacts/production/review.json", "--health-seconds", "4"], {
      SLIPWAY_HEALTH: JSON.stringify([address]),
    });
    server.close();
    expect([again.exitCode, again.stdout]).toEqual([1, expect.stringContaining("nothing to apply")]);
  });

  test("a job that is run again after its update succeeded changes nothing: its approval was used", async () => {
    stack.set({ [weight]: 25 });
    const again = await apply();
    stack.set({ [weight]: 50 });
    expect([again.exitCode, again.stderr]).toEqual([
      3,
      expect.stringMatching(/was applied at \d{4}-.*its approval is good for that one apply/),
    ]);
    expect(stack.liveWeights("api")).toEqual([50, 50]);
  });

  test("drift: an issue is opened once, kept up to date, and closed when nothing differs", async () => {
    const drift = () => ci(["drift", "--stack", "production"]);
    expect((await drift()).stdout).toContain("0 differences live, 0 in config; issue none");
    const group = stack.live("aws:lb/targetGroup:TargetGroup")[0]!;
    await stack.slipway("sandbox", "set", group.id, "healthCheck.path", '"/nowhere"');
    expect((await drift()).stdout).toContain("1 differences live, 0 in config; issue opened");
    expect(github.issues[0]).toMatchObject({ title: "Drift: production", labels: ["drift"], state: "open" });
    expect(github.issues[0]!.body).toMatch(/`healthCheck\.path`: `\/(v1\/)?health` → `\/nowhere`/);
    expect((await drift()).stdout).toContain("issue unchanged");
    stack.set({ [weight]: 0 });
    expect((await drift()).stdout).toContain("1 differences live, 1 in config; issue updated");
    expect(github.issues[0]!.body).toContain("**api rolled back: 50 % → 0 %**");
    stack.set({ [weight]: 50 });
    stack.edit(stack.live("aws:lb/targetGroup:TargetGroup").find(({ id }) => id === group.id)!, (properties) => {
      properties.healthCheck = group.properties.healthCheck!;
    });
    expect((await drift()).stdout).toContain("issue closed");
    expect(github.issues.map(({ state }) => state)).toEqual(["closed"]);
  });

  test("traffic returns to the live colour without a backup, also by a run of an older commit and beside a search for drift", async () => {
    stack.set({ [weight]: 0 });
    expect((await preview("production")).exitCode).toBe(0);
    const { head } = github;
    github.head = "9".repeat(40);
    // A search for drift is at work, and waits for an answer of AWS's.
    const held = join(stack.folder, "held");
    writeFileSync(held, "");
    const fault = `delay read aws:lb/listenerRule:ListenerRule 1 before while=${held}`;
    const looking = stack.slipway("refresh", "--stack", "production", "--preview-only", "--non-interactive", "--fault", fault);
    let over = false;
    void looking.then(() => {
      over = true;
    });
    const asking = Date.now() + 8000;
    await until(() => locks(stack.folder) > 0 || Date.now() > asking);
    const result = await ci(["apply", "--stack", "production", "--approved", "artefacts/production/review.json"], {
      SLIPWAY_BACKUP: "true",
    });
    expect(over).toBe(false);
    rmSync(held);
    expect((await looking).exitCode).toBe(0);
    github.head = head;
    expect(result.exitCode, result.stdout + result.stderr).toBe(0);
    expect(stack.liveWeights("api")).toEqual([100, 0]);
  });
});

function locks(folder: string): number {
  return readdirSync(join(folder, ".slipway"), { recursive: true, encoding: "utf8" }).filter((file) => /\/locks\/.*\.json$/.test(file))
    .length;
}

async function until(met: () => boolean): Promise<void> {
  while (!met()) await new Promise((resolve) => setTimeout(resolve, 50));
}

async function answering(status: number): Promise<[Server, string]> {
  const server = createServer((_, response) => response.writeHead(status).end());
  await new Promise<void>((resolve) => server.listen(0, "127.0.0.1", resolve));
  return [server, `http://127.0.0.1:${(server.address() as AddressInfo).port}/health`];
}

describe("a preview without the key of the state", () => {
  const stack = new StackUnderTest("staging", { ...unwatched, ...onlyApi });
  const original = join(stack.folder, ".slipway", "state");
  const copied = join(stack.folder, ".slipway", "copy-staging", "state");
  const secretsOf = (text: string) => [...text.matchAll(/"ciphertext":"([^"]+)"/g)].map(([, sealed]) => sealed!);

  beforeAll(async () => {
    stack.set({ ...dataStores, "network.zones": ["us-east-1a", "us-east-1b", "us-east-1c"] });
    await stack.prepare();
  });
  afterAll(() => stack.remove());

  /** What of each resource somebody has set: a secret that a provider answers unasked has no stand-in. */
  function setByInputs(text: string): unknown {
    type Bag = Readonly<Record<string, unknown>>;
    interface Resource {
      readonly custom: boolean;
      readonly inputs?: Bag;
      readonly outputs?: Bag;
    }
    const { checkpoint } = JSON.parse(text) as { readonly checkpoint: { readonly latest: { readonly resources: readonly Resource[] } } };
    return checkpoint.latest.resources.map(({ custom, inputs = {}, outputs = {} }) => [
      inputs,
      Object.entries(outputs).filter(([key]) => !custom || key in inputs),
    ]);
  }

  async function preview(): Promise<StackReview> {
    const out = join(stack.folder, "artefact");
    await stack.slipway("ci", "preview", "--stack", "staging", "--out", out, "--without-secrets");
    return readReview(join(out, "review.json"));
  }

  test("shows no change where there is none, and has read no secret", async () => {
    expect(await preview()).toMatchObject({ status: "same", errors: [] });
    const file = join(".pulumi", "stacks", "slipway", "staging.json");
    const [before, copy] = [join(original, file), join(copied, file)].map((path) => JSON.stringify(JSON.parse(readFileSync(path, "utf8"))));
    expect(secretsOf(before!).length).toBeGreaterThan(10);
    expect(secretsOf(copy!).length).toBe(secretsOf(JSON.stringify(setByInputs(before!))).length);
    expect(secretsOf(copy!).filter((sealed) => before!.includes(sealed))).toEqual([]);
    const { pulumi } = await findEngine(() => {});
    const plain = await execa(pulumi, ["stack", "export", "--show-secrets", "--stack", "staging"], {
      cwd: stack.folder,
      env: { PULUMI_BACKEND_URL: `file://${copied}`, PULUMI_CONFIG_PASSPHRASE: "sandbox", PULUMI_SKIP_UPDATE_CHECK: "true" },
    });
    const shown = [...plain.stdout.matchAll(/"plaintext": "((?:[^"\\]|\\.)*)"/g)].map(([, text]) => text!);
    expect(shown.length).toBeGreaterThan(10);
    for (const text of shown) expect(text).toContain("secret-not-readable-in-this-preview");
  });

  test("shows a change as it is", async () => {
    stack.set({ "databases.main.backupRetentionDays": 14 });
    const review = await preview();
    expect(review.stories.map(({ risk, headline }) => [risk, plainText(headline)])).toEqual([
      ["guard", "backup retention of coinestate-staging-use1-db-main 35 → 14 days"],
    ]);
  });
});

describe("a change set that makes something whose name is drawn", () => {
  const stack = new StackUnderTest("staging", { ...unwatched, ...onlyApi });
  const github = new FakeGitHub();
  let environment: Record<string, string> = {};
  const ci = (...args: readonly string[]) => stack.slipwayWith(environment, "ci", ...args);
  const preview = async (out: string) => {
    const { exitCode, stdout, stderr } = await ci("preview", "--stack", "staging", "--out", out, "--reviewed");
    expect(exitCode, stdout + stderr).toBe(0);
    return readReview(join(stack.folder, out, "review.json"));
  };
  const apply = () => ci("apply", "--stack", "staging", "--approved", join("plan", "review.json"));

  beforeAll(async () => {
    environment = await github.start();
    await stack.prepare();
    stack.set({
      buckets: { reports: { purpose: "private", recoveryClass: "medium" } },
      "services.api.connects": { buckets: { reports: "read" } },
    });
  });
  afterAll(() => {
    github.stop();
    stack.remove();
  });

  test("has one hash at every preview, and no review that anybody has read", async () => {
    const [first, second] = [await preview("plan"), await preview("again")];
    expect(first.changes.filter(({ op }) => op === "create").length).toBeGreaterThan(4);
    const byUrn = ({ plan }: StackReview) => Object.fromEntries(plan.map((change) => [change.urn, change]));
    expect(byUrn(first)).toEqual(byUrn(second));
    expect(first.hash).toBe(second.hash);
  });

  test("is applied to its end by a second run of the job, when the first was killed half way", async () => {
    expect((await stack.up("--fault", "kill create aws:s3/bucketPolicy:BucketPolicy 1 before")).exitCode).toBe(137);
    expect(stack.live("aws:s3/bucket:Bucket").length).toBeGreaterThan(0);
    const result = await apply();
    expect(result.exitCode, result.stdout + result.stderr).toBe(0);
    expect(result.stdout).toContain("the rest of what was approved is there already");
  });
});
