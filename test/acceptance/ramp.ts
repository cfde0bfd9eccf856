/**
 * 0 → 100 and back at twelve tasks that take time, with the real provider: healthy targets of both colours against time. Then the function of the
 * automatic rollback, where the receiving colour has its tasks and where it has to ask for them.
 */
import { mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { setTimeout as pause } from "node:timers/promises";
import { ECS } from "@aws-sdk/client-ecs";
import { ElasticLoadBalancingV2 } from "@aws-sdk/client-elastic-load-balancing-v2";
import { FunctionProcess } from "../../sandbox/functions/functionProcess.ts";
import { type Moment, rampProblems, rampTable, watched } from "../harness/ramp.ts";
import { onlyApi, watchedRelease } from "../harness/smallStacks.ts";
import type { AwsAccount, AwsServer } from "./awsServer.ts";
import { type Checks, expect, Stopped } from "./checks.ts";
import { type Deployment, expectClean } from "./deployment.ts";
import { setLiveWeights } from "./live.ts";
import { creationChecks } from "./release.ts";
import { alarmEvent, deployedFunction, resultOf } from "./rollback.ts";

const weight = "services.api.release.candidateWeight";
const [tasks, drained] = [12, 2];
/** Seconds that tasks take: forward, and on the way back longer than it may take. */
const pace = { forward: 5, back: 40 };

/** What the checks work with. */
export interface RampOptions {
  readonly checks: Checks;
  readonly server: AwsServer;
  readonly account: AwsAccount;
  /** The project's own staging. */
  readonly deployment: Deployment;
}

/** From nothing to nothing. Failures are printed, not thrown. */
export async function rampChecks({ checks, server, account, deployment }: RampOptions): Promise<void> {
  deployment.edit({
    ...{ ...watchedRelease, ...onlyApi, slos: undefined, uptime: undefined },
    ...{ "services.api.scaling.minimum": drained, "services.api.scaling.maximum": tasks, "autoRollback.web": undefined },
  });
  try {
    await creationChecks(checks, deployment);
    const service = new LiveApi(account, deployment);
    await checks.check("0 to 100 and back at twelve tasks: targets before traffic, and a way back that waits for none", async () => {
      await service.scale("blue", tasks);
      await server.setPace(pace.forward);
      const samples = await watched(
        () => service.now(),
        200,
        async () => {
          for (const share of [25, 100]) expectClean(quiet(await deployment.up(shared(deployment, share))));
          await service.scale("blue", drained);
          await server.setPace(pace.back);
          expectClean(quiet(await deployment.up(shared(deployment, 0))));
          await server.setPace(0);
        },
      );
      const problems = rampProblems(samples, tasks);
      expect(problems.length === 0, [...problems, rampTable(samples)].join("\n"));
      return `\n${rampTable(samples)}`;
    });
    await functionChecks(checks, server, service, deployment);
  } catch (error) {
    if (!(error instanceof Stopped)) throw error;
    console.log(`stopped  ${error.message}`);
  }
  await server.setPace(0);
  await checks.check(`${deployment.stack} of twelve tasks is destroyed`, async () => {
    const outcome = await deployment.destroy();
    expectClean(outcome);
    return `${outcome.changes.delete} resources`;
  });
}

/** The function moves everything in the same time whether blue has its tasks or asks for them, and waits for none. */
async function functionChecks(checks: Checks, server: AwsServer, service: LiveApi, deployment: Deployment): Promise<void> {
  const folder = mkdtempSync(join(tmpdir(), "slipway-ramp-"));
  const { live } = await deployedFunction(deployment);
  const { AWS_ENDPOINT_URL: apiUrl = "", AWS_ACCESS_KEY_ID: accessKeyId = "" } = deployment.environment;
  const made = await FunctionProcess.start(live, { folder, apiUrl, accessKeyId });
  try {
    for (const [run, ready] of [tasks, drained].entries())
      await checks.check(
        `the rollback function ${ready < tasks ? "asks for tasks, and moves traffic without them" : "finds its tasks"}`,
        async () => {
          await server.setPace(0);
          await service.scale("green", tasks);
          await service.scale("blue", ready);
          await setLiveWeights(service.account, service.rule, { blue: 25, green: 75 });
          await server.setPace(pace.back);
          const { outcome, milliseconds } = resultOf(await made.invoke(alarmEvent(1000 + run)));
          const { weight: green, blue, blueWanted } = await service.now();
          const found = `${outcome}: green ${green} %, ${blue} healthy targets in blue, ${blueWanted} tasks asked for, ${milliseconds} ms`;
          expect(outcome === "rolledBack" && green === 0 && blue === ready && blueWanted === tasks, found);
          return found;
        },
      );
  } finally {
    made.stop();
    rmSync(folder, { recursive: true, force: true });
  }
}

function shared(deployment: Deployment, share: number): Record<string, never> {
  deployment.edit({ [weight]: share });
  return {};
}

/** What `up` says of tasks that it asks for is no problem here. */
function quiet<Told extends { readonly problems: readonly string[] }>(outcome: Told): Told {
  return { ...outcome, problems: outcome.problems.filter((problem) => !problem.includes("expect errors until")) };
}

/** The service `api` as the API has it, asked often: by clients in this process. */
class LiveApi {
  readonly account: AwsAccount;
  readonly rule: string;
  readonly #groups: Readonly<Record<"blue" | "green", string>>;
  readonly #services: Readonly<Record<"blue" | "green", { readonly cluster: string; readonly service: string }>>;
  readonly #balancer: ElasticLoadBalancingV2;
  readonly #ecs: ECS;

  constructor(account: AwsAccount, deployment: Deployment) {
    const { AWS_ENDPOINT_URL: endpoint = "", AWS_ACCESS_KEY_ID = "", AWS_SECRET_ACCESS_KEY = "" } = account.environment;
    const config = {
      ...{ region: account.region, endpoint },
      credentials: { accessKeyId: AWS_ACCESS_KEY_ID, secretAccessKey: AWS_SECRET_ACCESS_KEY },
    };
    this.account = account;
    [this.#balancer, this.#ecs] = [new ElasticLoadBalancingV2(config), new ECS(config)];
    const state = deployment.state();
    const found = (type: string, end: string) => state.find((one) => one.type === type && one.urn.endsWith(end))?.outputs ?? {};
    const service = (colour: string) => found("aws:ecs/service:Service", `-use1-api-${colour}`);
    const group = (colour: string) => (service(colour).loadBalancers as [{ readonly targetGroupArn: string }])[0].targetGroupArn;
    const named = (colour: string) => ({ cluster: String(service(colour).cluster), service: String(service(colour).name) });
    this.rule = String(found("aws:lb/listenerRule:ListenerRule", "-use1-api").arn);
    this.#groups = { blue: group("blue"), green: group("green") };
    this.#services = { blue: named("blue"), green: named("green") };
  }

  async now(): Promise<Moment> {
    const healthy = async (TargetGroupArn: string) => {
      const { TargetHealthDescriptions = [] } = await this.#balancer.describeTargetHealth({ TargetGroupArn });
      return TargetHealthDescriptions.filter(({ TargetHealth }) => TargetHealth?.State === "healthy").length;
    };
    const { cluster, service } = this.#services.blue;
    const [{ Rules = [] }, blue, green, { services = [] }] = await Promise.all([
      this.#balancer.describeRules({ RuleArns: [this.rule] }),
      healthy(this.#groups.blue),
      healthy(this.#groups.green),
      this.#ecs.describeServices({ cluster, services: [service] }),
    ]);
    const groups = Rules[0]?.Actions?.[0]?.ForwardConfig?.TargetGroups ?? [];
    const share = groups.find(({ TargetGroupArn }) => TargetGroupArn === this.#groups.green)?.Weight ?? 0;
    return { weight: share, blue, green, blueWanted: services[0]?.desiredCount ?? 0 };
  }

  /** As the service's policies do. */
  async scale(colour: "blue" | "green", desiredCount: number): Promise<void> {
    await this.#ecs.updateService({ ...this.#services[colour], desiredCount });
    await pause(100);
    await this.now();
  }
}
