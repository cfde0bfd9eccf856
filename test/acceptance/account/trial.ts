/**
 * The order of docs/first-up.md on an account that is empty: doctor, ground, images, tasks; then a canary, a way back, and destruction. What is
 * left is looked for by tag and by name, whatever happened before. The same code runs on an AWS account and on an API server.
 */
import { randomBytes } from "node:crypto";
import { get } from "node:https";
import { setTimeout as pause } from "node:timers/promises";
import { resolvedConfig } from "../../../ops/config/show.ts";
import { type Project, stackFilePath } from "../../../ops/project/project.ts";
import { type Checks, expect, Stopped } from "../checks.ts";
import { asksForImages, changed, Deployment, expectClean } from "../deployment.ts";
import { liveWeights } from "../live.ts";
import { costLine } from "./cost.ts";
import { pushImages } from "./image.ts";
import { hostStart, remains, system } from "./remains.ts";
import type { TrialAccount } from "./trialAccount.ts";

const stack = "trial";
const release = "services.web.release";

/** What a trial works with. */
export interface TrialOptions {
  readonly checks: Checks;
  readonly account: TrialAccount;
  /** The real provider plugin. */
  readonly plugin: string;
  /** A copy of the project in `stack/`, with its state. */
  readonly project: Project;
  /** What undoes what was started, should the acceptance be broken off. */
  readonly cleanUps: (() => void)[];
}

/** A stack of a name of its own, made for the account. */
export interface Trial extends TrialOptions {
  readonly deployment: Deployment;
  /** What every physical name begins with. */
  readonly prefix: string;
  readonly host: string;
  /** For a person who decides whether to go on. */
  readonly cost: string;
  /** Command that destroys it, in the project's folder. */
  readonly undo: string;
}

/** Writes the stack's file; nothing is made. */
export async function preparedTrial(options: TrialOptions): Promise<Trial> {
  const { account, project, plugin, cleanUps } = options;
  const { accountId, region, zone, zoneId } = account;
  const environment = `t${randomBytes(3).toString("hex")}`;
  const [prefix, host] = [`${system}-${environment}`, `${hostStart}${environment}.${zone}`];
  const [{ AvailabilityZones }] = await account.call<[{ readonly AvailabilityZones: readonly { readonly ZoneName: string }[] }]>([
    "ec2",
    "describe_availability_zones",
    { Filters: [{ Name: "zone-type", Values: ["availability-zone"] }] },
  ]);
  const zones = AvailabilityZones.map(({ ZoneName }) => ZoneName).sort();
  const state = { PULUMI_BACKEND_URL: `file://${project.folder}`, PULUMI_CONFIG_PASSPHRASE: randomBytes(16).toString("hex") };
  const deployment = new Deployment({
    ...{ project, stack, plugin, environment: { ...account.environment, ...state } },
    ...{ sharedState: state.PULUMI_BACKEND_URL, imagesArePushed: false, minutes: 60 },
  });
  cleanUps.push(() => deployment.kill());
  deployment.edit({
    ...{ environment, aws: { accountId, region }, dns: { provider: "route53", zone, zoneId }, "network.zones": zones.slice(0, 2) },
    ...{ "loadBalancer.certificate.domain": host, "services.web.route.hosts": [host] },
    ...{ "registry.repositories": { [prefix]: { keepImages: 2 } }, "services.web.repository": prefix },
  });
  const words = Object.entries(state).map(([name, value]) => `${name}=${value}`);
  const undo = [...words, "pulumi destroy --stack", stack].join(" ");
  return { ...options, deployment, prefix, host, cost: costLine(resolvedConfig(stackFilePath(project, stack))), undo };
}

/** From an empty account to an empty account. Failures are printed, not thrown. @returns whether everything is gone again */
export async function trialChecks(trial: Trial): Promise<boolean> {
  const { checks, account } = trial;
  try {
    await checks.required("an account: nothing of an earlier trial is there", async () => {
      expectNothing(await remains(account));
      return "";
    });
  } catch (error) {
    told(error);
    return true;
  }
  await releasedChecks(trial).catch(told);
  return endChecks(trial);
}

async function releasedChecks(trial: Trial): Promise<void> {
  const { checks, account, deployment, prefix } = trial;
  await checks.required("an account: doctor misses the images, and nothing else", async () => {
    const { exitCode, stdout, stderr } = await deployment.engine("stack", "init");
    expect(exitCode === 0, `${stdout}\n${stderr}`);
    const asked = await deployment.own("doctor", "--json");
    expect(asked.stdout.startsWith("{"), asked.stdout + asked.stderr);
    const { lines } = JSON.parse(asked.stdout) as { readonly lines: readonly DoctorLine[] };
    const bad = lines.filter(({ verdict }) => ["missing", "notAsked"].includes(verdict));
    // An API server's zones are in no DNS, and it has the quotas of few services.
    const expected = account.serves ? ["images"] : ["images", "dns", "quotas"];
    const unexpected = bad.filter(({ area }) => !expected.includes(area)).map(({ area, what, found }) => `${area} ${what}: ${found}`);
    expect(unexpected.length === 0, unexpected.join("\n"));
    return `${bad.length} of ${lines.length} lines`;
  });
  await checks.required("an account: the first up makes the ground, and ends with the commands that push", async () => {
    const outcome = await deployment.up();
    expect(outcome.exitCode !== 0, "it ended with 0, without images");
    const others = outcome.problems.filter((problem) => !asksForImages(problem) && /^(error|warning)/.test(problem));
    expect(outcome.problems.some(asksForImages), outcome.problems.join("\n") || outcome.said);
    const services = await tasksOf(trial);
    expect(services.length === 0, JSON.stringify(services));
    return `${outcome.changes.create} resources${others.length === 0 ? "" : `; also: ${others.join("; ")}`}`;
  });
  await checks.required("an account: two images are pushed", async () => {
    const digests = await pushImages(account, prefix, ["first", "second"]);
    deployment.edit({ [`${release}.blue.image`]: digests[0], [`${release}.green.image`]: digests[1] });
    return digests.map((digest) => digest.slice(0, 19)).join(", ");
  });
  await checks.required("an account: the second up ends with tasks that run", async () => {
    const outcome = await deployment.up();
    expectClean(outcome);
    const services = await tasksOf(trial);
    expect(services.length === 2, JSON.stringify(services));
    for (const { serviceName, desiredCount, runningCount } of services)
      expect(desiredCount === 1 && runningCount === 1, `${serviceName}: ${runningCount} of ${desiredCount} tasks run`);
    return `${outcome.changes.create} resources, ${services.length} tasks`;
  });
  if (account.serves) await checks.check("an account: the load balancer answers over TLS", () => answers(trial));
  await checks.check("an account: the next up changes nothing", async () => {
    const outcome = await deployment.up();
    expectClean(outcome);
    expect(changed(outcome) === 0, outcome.touched.join("\n"));
    return `${outcome.changes.same} unchanged`;
  });
  await checks.check("an account: the search would find all that the state has with an ARN", async () => {
    const found = (await remains(account)).join("\n");
    // A service or rule that is found leads to what is in it.
    // These go with the load balancer, the service or the security group that they are of.
    const parts = /^aws:(lb\/listener|appautoscaling\/policy|vpc\/securityGroup)/;
    const named = (await deployment.exported()).flatMap(({ type, id, outputs }) =>
      typeof outputs?.arn === "string" && !parts.test(type) ? [{ type, id, arn: outputs.arn }] : [],
    );
    const missed = named.filter(({ id, arn }) => !found.includes(arn) && !found.includes(id));
    expect(missed.length === 0, missed.map(({ type, arn }) => `${type} ${arn}`).join("\n"));
    return `${named.length} of them, ${found.split("\n").length} things found`;
  });
  await checks.check("an account: a canary of 5 % changes one rule", () => step(trial, 5));
  await checks.check("an account: the way back changes one rule", () => step(trial, 0));
}

/** Destroys, once more where that failed, and looks for what is left. */
async function endChecks(trial: Trial): Promise<boolean> {
  const { checks, account, deployment } = trial;
  const destroyed = await checks.check("an account: the stack is destroyed", async () => {
    const first = await deployment.destroy();
    const outcome = first.exitCode === 0 ? first : await deployment.destroy();
    expectClean(outcome);
    return `${outcome.changes.delete} resources`;
  });
  const clean = await checks.check("an account: nothing is left, by tag and by name", async () => {
    await removeInsights(trial);
    // What was deleted keeps its tags for some minutes.
    const end = Date.now() + (account.serves ? 10 : 0) * 60_000;
    for (;;) {
      const left = await remains(account);
      if (left.length === 0 || Date.now() > end) return expectNothing(left);
      await pause(30_000);
    }
  });
  return destroyed && clean;
}

/** Container Insights makes a log group for each cluster, without tags; it outlives the cluster. */
async function removeInsights({ account, prefix }: Trial): Promise<void> {
  const logGroupNamePrefix = `/aws/ecs/containerinsights/${prefix}`;
  const [{ logGroups }] = await account.call<[{ readonly logGroups: readonly { readonly logGroupName: string }[] }]>([
    "logs",
    "describe_log_groups",
    { logGroupNamePrefix },
  ]);
  for (const { logGroupName } of logGroups) await account.call(["logs", "delete_log_group", { logGroupName }]);
}

function expectNothing(left: readonly string[]): string {
  expect(left.length === 0, ["The account still holds:", ...left].join("\n"));
  return "";
}

async function step(trial: Trial, weight: number): Promise<string> {
  const { account, deployment } = trial;
  deployment.edit({ [`${release}.candidateWeight`]: weight });
  const outcome = await deployment.up();
  expectClean(outcome);
  expect(changed(outcome) === 1 && outcome.changes.update === 1, outcome.touched.join("\n"));
  const { blue, green } = await liveWeights(account, await ruleOf(deployment));
  expect(green === weight && blue === 100 - weight, `live: blue ${blue}, green ${green}`);
  return `live: blue ${blue}, green ${green}`;
}

/** The rule whose weights move, as the stack's own output names it. */
async function ruleOf(deployment: Deployment): Promise<string> {
  return ((await outputsOf(deployment)).trafficRules as Readonly<Record<string, string>> | undefined)?.web ?? "";
}

async function outputsOf(deployment: Deployment): Promise<Readonly<Record<string, unknown>>> {
  return (await deployment.exported()).find(({ type }) => type === "pulumi:pulumi:Stack")?.outputs ?? {};
}

interface DoctorLine {
  readonly area: string;
  readonly what: string;
  readonly found: string;
  readonly verdict: string;
}

interface RunningService {
  readonly serviceName: string;
  readonly desiredCount: number;
  readonly runningCount: number;
}

/** The trial's services, as ECS has them. */
async function tasksOf({ account, prefix }: Trial): Promise<readonly RunningService[]> {
  const [{ clusterArns }] = await account.call<[{ readonly clusterArns: readonly string[] }]>(["ecs", "list_clusters", {}]);
  const cluster = clusterArns.find((arn) => arn.includes(`/${prefix}`));
  if (cluster === undefined) return [];
  const [{ serviceArns }] = await account.call<[{ readonly serviceArns: readonly string[] }]>(["ecs", "list_services", { cluster }]);
  if (serviceArns.length === 0) return [];
  const [{ services }] = await account.call<[{ readonly services: readonly RunningService[] }]>([
    "ecs",
    "describe_services",
    { cluster, services: serviceArns },
  ]);
  return services;
}

/** Asks the balancer itself by the service's name: no name server has to know it yet. */
async function answers({ deployment, host }: Trial): Promise<string> {
  const address = String((await outputsOf(deployment)).loadBalancerDnsName);
  let last = "";
  for (const end = Date.now() + 300_000; Date.now() < end; await pause(5000)) {
    last = await new Promise<string>((resolve) => {
      const request = get({ host: address, servername: host, path: "/health", headers: { host }, timeout: 10_000 }, (answer) => {
        answer.resume();
        resolve(String(answer.statusCode));
      });
      request.once("timeout", () => request.destroy(new Error("no answer within 10 s")));
      request.once("error", ({ message }) => resolve(message));
    });
    if (last === "200") return `200 at ${address}`;
  }
  throw new Error(`${address} as ${host}: ${last}`);
}

function told(error: unknown): void {
  if (!(error instanceof Stopped)) throw error;
  console.log(`stopped  ${error.message}`);
}
