/** Staging and production in one account: each made, changed or taken away with nothing of the other touched. */
import { resolvedConfig } from "../../ops/config/show.ts";
import { type Project, stackFilePath } from "../../ops/project/project.ts";
import type { Edits } from "../harness/config.ts";
import { onlyApi, unprotected, unwatched } from "../harness/smallStacks.ts";
import type { AwsAccount, AwsServer } from "./awsServer.ts";
import { type Checks, expect } from "./checks.ts";
import { changed, Deployment, expectClean } from "./deployment.ts";
import { leftovers } from "./live.ts";
import { candidateWeight } from "./release.ts";

/** The zone is of Route 53: with the AWS plugin alone nothing can be made at Cloudflare. */
const zoneId = "Z0NEIGHBOURS";
const dns: Edits = { "dns.provider": "route53", "dns.zoneId": zoneId };

/** What both have, which is what they could share. */
const stacks: Readonly<Record<"staging" | "production", Edits>> = {
  staging: { ...unwatched, ...onlyApi, ...dns },
  production: {
    ...{ ...unprotected, ...onlyApi, ...dns, edge: undefined, failover: undefined, databases: undefined, buckets: undefined },
    ...{ backup: undefined, "services.api.connects": undefined, "loadBalancer.allowFrom": ["0.0.0.0/0"] },
  },
};

/** What the checks work with. */
export interface NeighbourOptions {
  readonly checks: Checks;
  readonly server: AwsServer;
  /** The real provider plugin. */
  readonly plugin: string;
  readonly project: Project;
  readonly cleanUps: (() => void)[];
}

/** From an empty account to an empty account. Failures are printed. @throws Stopped when a stack cannot be made */
export async function neighbourChecks({ checks, server, plugin, project, cleanUps }: NeighbourOptions): Promise<void> {
  const { aws, dns: zone } = resolvedConfig(stackFilePath(project, "staging"));
  // An account of its own: other parts of a run have one with the same stacks.
  const id = "123456780013";
  const account = server.account(id, aws.region);
  await server.makeZone(id, zoneId, zone.zone);
  const [staging, production] = (["staging", "production"] as const).map((stack) => {
    const deployment = new Deployment({ project, stack, environment: account.environment, plugin });
    deployment.edit({ ...stacks[stack], "aws.accountId": id });
    cleanUps.push(() => deployment.kill());
    return deployment;
  }) as [Deployment, Deployment];

  await checks.required("one account: staging is created", () => created(staging));
  const ofStaging = await seen(account);
  await checks.required("one account: production is created beside staging", async () => {
    const said = await created(production);
    return `${said}; ${await untouched(account, ofStaging)}`;
  });
  const ofBoth = await seen(account);
  const ofProduction = ofBoth.filter((line) => !ofStaging.includes(line));
  await checks.check("one account: a canary step in production leaves staging as it is", async () => {
    await step(production);
    return untouched(account, ofStaging);
  });
  await checks.check("one account: a canary step in staging leaves production as it is", async () => {
    const before = (await seen(account)).filter((line) => !ofStaging.includes(line));
    expect(before.length === ofProduction.length && before.join() !== ofProduction.join(), "production's canary step is not seen");
    await step(staging);
    return untouched(account, before);
  });
  await checks.check("one account: production is destroyed, and staging stays as it is", async () => {
    const now = await seen(account);
    const outcome = await production.destroy();
    expectClean(outcome);
    const left = await seen(account);
    const gone = now.filter((line) => !left.includes(line));
    expect(gone.length === ofProduction.length, `${gone.length} of production's ${ofProduction.length} are gone`);
    return `${outcome.changes.delete} resources; ${await untouched(account, left)}`;
  });
  await checks.check("one account: staging is destroyed, and nothing is left", async () => {
    expectClean(await staging.destroy());
    const left = await leftovers(account);
    expect(left.length === 0, left.join("\n"));
    return "";
  });
}

async function created(deployment: Deployment): Promise<string> {
  const outcome = await deployment.create();
  expectClean(outcome);
  return `${outcome.changes.create} resources`;
}

async function step(deployment: Deployment): Promise<void> {
  deployment.edit({ [candidateWeight]: 5 });
  const outcome = await deployment.up();
  expectClean(outcome);
  expect(changed(outcome) === 1, outcome.touched.join("\n"));
}

/** @throws Error naming what is not there any more as it was */
async function untouched(account: AwsAccount, before: readonly string[]): Promise<string> {
  const now = new Set(await seen(account));
  const touched = before.filter((line) => !now.has(line));
  expect(touched.length === 0, touched.join("\n"));
  return `${before.length} things of the other as they were`;
}

interface Listed {
  readonly LoadBalancers: readonly { readonly LoadBalancerArn: string }[];
  readonly Listeners: readonly { readonly ListenerArn: string }[];
  readonly Rules: readonly object[];
  readonly clusterArns: readonly string[];
  readonly serviceArns: readonly string[];
  readonly services: readonly object[];
}

/** All that the account has, a line each, tasks and weights included. */
async function seen(account: AwsAccount): Promise<string[]> {
  const [{ LoadBalancers }, { clusterArns }] = await account.call<[Listed, Listed]>(
    ["elbv2", "describe_load_balancers", {}],
    ["ecs", "list_clusters", {}],
  );
  const listed = await account.call<Listed[]>(
    ...LoadBalancers.map(({ LoadBalancerArn }) => ["elbv2", "describe_listeners", { LoadBalancerArn }] as const),
    ...clusterArns.map((cluster) => ["ecs", "list_services", { cluster }] as const),
  );
  const listeners = listed.flatMap(({ Listeners = [] }) => Listeners);
  const inClusters = listed
    .slice(LoadBalancers.length)
    .map(({ serviceArns }, index) => ({ cluster: clusterArns[index], services: serviceArns }));
  const described = await account.call<Listed[]>(
    ...listeners.map(({ ListenerArn }) => ["elbv2", "describe_rules", { ListenerArn }] as const),
    ...inClusters.filter(({ services }) => services.length > 0).map((wanted) => ["ecs", "describe_services", wanted] as const),
  );
  const running = described.flatMap(({ Rules = [], services = [] }) => [...Rules, ...services].map((item) => JSON.stringify(item)));
  return [...(await leftovers(account)), ...running].sort();
}
