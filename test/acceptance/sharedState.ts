/**
 * A stack whose state is in a bucket, its secrets under a key of KMS: a release, an update that is killed, one that still runs, a
 * lock of another machine, two clients at once. What the bucket holds is asked of the API.
 */
import { hostname } from "node:os";
import { resolvedConfig } from "../../ops/config/show.ts";
import { type Project, stackFilePath } from "../../ops/project/project.ts";
import { onlyApi, unwatched } from "../harness/smallStacks.ts";
import type { AwsAccount, AwsServer } from "./awsServer.ts";
import { type Checks, expect, Stopped } from "./checks.ts";
import { changed, type DeployedResource, Deployment, expectClean, type Outcome } from "./deployment.ts";
import { leftovers, liveWeights } from "./live.ts";
import { StatePlace } from "./statePlace.ts";

const bucket = "acceptance-state";
const stack = "staging";
const candidateWeight = "services.api.release.candidateWeight";
/** The zone is of Route 53: with the AWS plugin alone nothing can be made at Cloudflare. */
const zoneId = "Z0ACCEPTANCESTATE";

/** What the checks work with. */
export interface SharedStateOptions {
  readonly checks: Checks;
  readonly server: AwsServer;
  /** The real provider plugin. */
  readonly plugin: string;
  /** Two checkouts of the project. */
  readonly clients: readonly [Project, Project];
  /** What undoes what was started, should the acceptance be broken off. */
  readonly cleanUps: (() => void)[];
}

/** From an empty bucket to an empty bucket. Failures are printed, not thrown. */
export async function sharedStateChecks({ checks, server, plugin, clients, cleanUps }: SharedStateOptions): Promise<void> {
  const [project] = clients;
  const { aws, dns } = resolvedConfig(stackFilePath(project, stack));
  const account = server.account(aws.accountId, aws.region);
  await server.makeZone(aws.accountId, zoneId, dns.zone);
  const place = new StatePlace(account, bucket, aws.region);
  const [first, second] = clients.map((one) => {
    const deployment = new Deployment({ project: one, stack, environment: account.environment, plugin, sharedState: place.address });
    // What a stack is watched by is most of it, and none of this.
    deployment.edit({ ...unwatched, ...onlyApi, "dns.provider": "route53", "dns.zoneId": zoneId });
    cleanUps.push(() => deployment.kill());
    return deployment;
  }) as [Deployment, Deployment];
  try {
    await checks.required("state in a bucket: the stack is created, its secrets under a key of KMS", async () => {
      await place.make();
      const { secretsProvider } = place;
      const { exitCode, stdout, stderr } = await first.engine("stack", "init", "--secrets-provider", secretsProvider);
      expect(exitCode === 0, `${stdout}\n${stderr}`);
      second.takeStackFile(first);
      const outcome = await first.create();
      expectClean(outcome);
      expect(outcome.pushedBetween, "the first update did not ask for images, though none was there");
      const { stdout: exported } = await second.engine("stack", "export");
      const { deployment } = JSON.parse(exported) as {
        readonly deployment: { readonly secrets_providers?: { readonly state?: { readonly url?: string } } };
      };
      const by = deployment.secrets_providers?.state?.url;
      expect(by === secretsProvider, `secrets are encrypted by ${by}`);
      return `${outcome.changes.create} resources`;
    });
    const rule = await ruleOf(first);
    const live = async (green: number) => {
      const weights = await liveWeights(account, rule);
      const text = `live: blue ${weights.blue}, green ${weights.green}`;
      expect(weights.green === green && weights.blue === 100 - green, text);
      return text;
    };
    await checks.check("state in a bucket: a canary step changes one resource", async () => {
      first.edit({ [candidateWeight]: 5 });
      expectOne(await first.up());
      await noLock(account, project);
      return live(5);
    });
    await checks.check("state in a bucket: another checkout sees no change", async () => {
      second.edit({ [candidateWeight]: 5 });
      const { changes } = await second.preview();
      expect(changes.length === 0, changes.map(({ op, name }) => `${op} ${name}`).join("\n"));
      return "";
    });
    await checks.check("state in a bucket: a pull request's preview reads no secret, and shows the change and no other", async () => {
      const before = await second.pullRequestPreview();
      expect(before.status === "same", JSON.stringify([before.errors, before.changes]));
      second.edit({ [candidateWeight]: 25 });
      const { changes, errors } = await second.pullRequestPreview();
      second.edit({ [candidateWeight]: 5 });
      const found = changes.map(({ op, type, differences }) => `${op} ${type} ${differences.map(({ path }) => path).join(", ")}`);
      const wanted = [0, 1].map((group) => `actions[0].forward.targetGroups[${group}].weight`);
      expect(found.join("\n") === `update lb.listenerRule ${wanted.join(", ")}`, [...errors, ...found].join("\n"));
      return `${before.unchanged} unchanged`;
    });
    await checks.check("state in a bucket: a plan that makes a bucket has one hash at each preview, and is applied", async () => {
      second.edit({ "buckets.reports": { purpose: "private", recoveryClass: "medium" } });
      const [plan, again] = [await second.plan("plan"), await second.plan("again")];
      expect(
        plan.changes.some(({ op }) => op === "create"),
        "nothing is made",
      );
      expect(plan.hash === again.hash, `${plan.hash} and ${again.hash}`);
      const { exitCode, stdout, stderr } = await second.own("ci", "apply", "--approved", "plan/review.json");
      expect(exitCode === 0, `${stdout}\n${stderr}`);
      second.edit({ "buckets.reports": undefined });
      expectClean(await second.up());
      return `${plan.changes.length} changes, engine ${plan.engine}`;
    });
    await checks.check("state in a bucket: an update that runs is never taken for a crash", async () => {
      first.edit({ [candidateWeight]: 25 });
      await server.hold("ModifyRule");
      const running = first.up();
      let late: Outcome;
      try {
        await server.untilHeld();
        late = await second.up();
      } finally {
        await server.release();
      }
      const { said } = late;
      expect(late.exitCode !== 0 && changed(late) === 0, `the second client went on: ${JSON.stringify(late.changes)}\n${said}`);
      expect(said.includes("is being changed by") && said.includes(hostname()), `it does not say who has the stack:\n${said}`);
      expectOne(await running);
      await noLock(account, project);
      return live(25);
    });
    await checks.check("state in a bucket: an update is killed, and the lock stays", async () => {
      first.edit({ [candidateWeight]: 50 });
      await server.hold("ModifyRule");
      try {
        await first.upKilledAt(server.untilHeld());
      } finally {
        await server.release();
      }
      const locks = await locksIn(account, project);
      expect(locks.length === 1, `${locks.length} locks`);
      return live(50);
    });
    await checks.check("state in a bucket: up frees the lock of this machine's dead engine and finds the traffic where it is", async () => {
      first.edit({ [candidateWeight]: 5 });
      expectOne(await first.up());
      await noLock(account, project);
      return live(5);
    });
    await checks.check("state in a bucket: a lock of another machine stays, and nothing is changed", async () => {
      const Key = `${lockFolder(project)}/elsewhere.json`;
      const owner = { pid: 1, username: "somebody", hostname: `not-${hostname()}`, timestamp: new Date().toISOString() };
      await account.call(["s3", "put_object", { Bucket: bucket, Key, Body: JSON.stringify(owner) }]);
      first.edit({ [candidateWeight]: 25 });
      const outcome = await first.up();
      const locks = await locksIn(account, project);
      await account.call(["s3", "delete_object", { Bucket: bucket, Key }]);
      expect(outcome.exitCode !== 0 && outcome.said.includes(`not-${hostname()}`), outcome.said);
      expect(locks.length === 1, `${locks.length} locks`);
      return live(5);
    });
    await checks.check("state in a bucket: two clients at once, one moves the traffic and nothing is lost", async () => {
      second.edit({ [candidateWeight]: 25 });
      const outcomes = await Promise.all([first.up(), second.up()]);
      const moved = outcomes.filter(({ changes }) => changes.update === 1).length;
      expect(moved <= 1, "both have moved the traffic");
      expect(
        outcomes.every(({ exitCode, said }) => exitCode === 0 || said.includes("is being changed by") || /locked/.test(said)),
        outcomes.map(({ said }) => said).join("\n"),
      );
      await noLock(account, project);
      // Engines that take a lock in the same moment both give way.
      const after = await first.up();
      expectClean(after);
      expect(changed(after) === 1 - moved, `the update after changed ${after.touched.join("\n")}`);
      return live(25);
    });
    await checks.check("state in a bucket: the stack is destroyed and nothing is left in account and bucket", async () => {
      const outcome = await second.destroy();
      expectClean(outcome);
      const { exitCode, stderr } = await second.engine("stack", "rm", "--yes");
      expect(exitCode === 0, stderr);
      await removePlace(account, place);
      const left = await leftovers(account);
      expect(left.length === 0, left.join("\n"));
      return `${outcome.changes.delete} resources`;
    });
  } catch (error) {
    if (!(error instanceof Stopped)) throw error;
    console.log(`stopped  ${error.message}`);
  }
}

/** @throws Error when the bucket still holds locks or a state */
async function removePlace(account: AwsAccount, { alias }: StatePlace): Promise<void> {
  const keys = await keysIn(account, ".pulumi/");
  const alive = keys.filter((key) => key.includes("/locks/") || /\/stacks\/[^/]+\/[^/]+\.json$/.test(key));
  expect(alive.length === 0, `the bucket still holds ${alive.join(", ")}`);
  if (keys.length > 0) await account.call(["s3", "delete_objects", { Bucket: bucket, Delete: { Objects: keys.map((Key) => ({ Key })) } }]);
  await account.call(["s3", "delete_bucket", { Bucket: bucket }], ["kms", "delete_alias", { AliasName: alias }]);
}

async function keysIn(account: AwsAccount, prefix: string): Promise<string[]> {
  const [{ Contents = [] }] = await account.call<[{ readonly Contents?: readonly { readonly Key: string }[] }]>([
    "s3",
    "list_objects_v2",
    { Bucket: bucket, Prefix: prefix },
  ]);
  return Contents.map(({ Key }) => Key);
}

function lockFolder({ name }: Project): string {
  return `.pulumi/locks/organization/${name}/${stack}`;
}

function locksIn(account: AwsAccount, project: Project): Promise<string[]> {
  return keysIn(account, lockFolder(project));
}

async function noLock(account: AwsAccount, project: Project): Promise<void> {
  const locks = await locksIn(account, project);
  expect(locks.length === 0, `the bucket holds ${locks.join(", ")}`);
}

/** The rule whose weights move, as the stack's own output names it. */
async function ruleOf(deployment: Deployment): Promise<string> {
  const resources: readonly DeployedResource[] = await deployment.exported();
  const found = resources.find(({ type }) => type === "pulumi:pulumi:Stack")?.outputs.trafficRules;
  return (found as Readonly<Record<string, string>> | undefined)?.api ?? "";
}

function expectOne(outcome: Outcome): void {
  expectClean(outcome);
  expect(changed(outcome) === 1 && outcome.changes.update === 1, `it changed ${JSON.stringify(outcome.changes)}`);
}
