/** What goes wrong on a cluster: pods that do not get ready, a secret that cannot be copied, a killed engine. Traffic moves all the same. */
import { setTimeout as pause } from "node:timers/promises";
import type { Colour } from "../../../components/colours.ts";
import { expect } from "../checks.ts";
import { type Deployment, expectClean, type Outcome } from "../deployment.ts";
import { candidateWeight } from "../release.ts";
import { type Cluster, namespace } from "./cluster.ts";
import type { SecretStore } from "./secretStore.ts";
import { type ClusterStack, expectGreen, expectSuccess, nothing, settled, timed } from "./switching.ts";

/** Seconds that traffic may take to move while something else does not get ready: the provider waits for ten minutes. */
const atOnce = 60;
/** Seconds after which an update that waits for nothing has ended. */
const aStep = 30;

/** Checks of a running stack with weights, all of whose traffic goes to blue. It is left so. */
export async function unreadyChecks(stack: ClusterStack): Promise<void> {
  const { checks, deployment } = stack;
  const { by } = stack.switching;
  await checks.check(`${by}: a rollback from a colour that lost its pods moves the route, and waits for nothing (K4)`, async () => {
    expectClean(settled(await share(deployment, 25)));
    await losePods(stack, "green");
    return moved(stack, 0);
  });
  await checks.check(`${by}: a colour without one ready pod gets no traffic until it has one (K6)`, async () => {
    const update = share(deployment, 5);
    const ended = await Promise.race([update.then(() => true), pause(aStep * 1000, false)]);
    const greenMeanwhile = await stack.switching.green(stack.cluster);
    await roomForPods(stack.cluster);
    const outcome = await update;
    expect(!ended && greenMeanwhile === 0, `green has ${greenMeanwhile} %, and the update ${ended ? "did not wait" : "waited"} for pods`);
    expectSuccess(outcome);
    return `none for ${aStep} s; once there are pods, ${await expectGreen(stack, 5)}`;
  });
  await checks.check(`${by}: once the pods are there, updates settle what was not ready (K4)`, () => recovered(stack, 0));
  await checks.check(`${by}: a step away from a colour that lost its pods is not held by it (K4)`, async () => {
    await losePods(stack, "blue");
    return moved(stack, 100);
  });
  await checks.check(`${by}: once those pods are there, everything goes back (K4)`, () => recovered(stack, 0));
}

/** Checks of a running stack with weights, all of whose traffic goes to blue. It is left so. */
export async function secretChecks({ store, ...stack }: ClusterStack & { readonly store: SecretStore }): Promise<void> {
  const { checks, cluster, deployment } = stack;
  const { by } = stack.switching;
  const key = "/coinestate/staging/later";
  await checks.check(`${by}: a secret that the store lacks and that comes with a rollback does not hold the route (K5)`, async () => {
    expectClean(settled(await share(deployment, 25)));
    deployment.edit({ "services.api.secrets": undefined });
    expectClean(settled(await deployment.up()));
    store.lacking.add(key);
    deployment.edit({ "services.api.secrets": { LATER: key } });
    const update = share(deployment, 0);
    try {
      return await timed(async () => {
        await cluster.until("all traffic goes to blue", atOnce, async () => (await stack.switching.green(cluster)) === 0);
        return expectGreen(stack, 0);
      });
    } finally {
      store.lacking.clear(); // the update that waits for the copy gets it
      await update;
    }
  });
  await checks.check(`${by}: a secret that the store has no more holds no rollback (K5)`, async () => {
    expectClean(settled(await share(deployment, 25)));
    store.lacking.add(key);
    try {
      await cluster.until("the ExternalSecret is not ready", 30, async () => !(await isCopied(cluster)));
      await deployment.refresh();
      return await moved(stack, 0);
    } finally {
      store.lacking.clear();
      await cluster.until("the ExternalSecret is ready", 30, () => isCopied(cluster));
    }
  });
  await checks.check(`${by}: once the store has the secret, an update has nothing left to do (K5)`, () => recovered(stack, 0));
}

/** From nothing to a running stack, with the engine killed on the way. */
export async function killedCreationChecks({ checks, cluster, deployment, switching: { by } }: ClusterStack): Promise<void> {
  await checks.check(`${by}: the engine is killed while it creates a Deployment: the next update makes the rest (K8)`, async () => {
    await deployment.upKilledAt(
      cluster.until("a Deployment is being created", 120, async () => (await readDeployment(cluster, "blue")) !== undefined),
    );
    const outcome = await deployment.up();
    expectSuccess(outcome);
    return `${JSON.stringify(outcome.changes)}, then ${await nothing(deployment)}`;
  });
}

/** Sets the candidate's share and updates, without a preview. */
function share(deployment: Deployment, percent: number): Promise<Outcome> {
  deployment.edit({ [candidateWeight]: percent });
  return deployment.up();
}

/** Moves traffic to blue or green while the other is not well: at once, and with success. */
async function moved(stack: ClusterStack, green: number): Promise<string> {
  const started = performance.now();
  const { exitCode, problems, said } = await share(stack.deployment, green);
  const seconds = (performance.now() - started) / 1000;
  const live = await expectGreen(stack, green);
  expect(exitCode === 0, `${live}, exit code ${exitCode} after ${seconds.toFixed(0)} s\n${[...problems, said].join("\n")}`);
  expect(seconds < atOnce, `${live}, but the command took ${seconds.toFixed(0)} s`);
  return `${live}, after ${seconds.toFixed(1)} s`;
}

/** Ends a colour's pods with no room for others, and has the state say so, as an update after a crash does. */
async function losePods({ cluster, deployment }: ClusterStack, colour: Colour): Promise<void> {
  await cluster.admitPods(false);
  await cluster.endPods(colour);
  await cluster.until(`${colour} has no ready pod`, 60, async () => (await readyPods(cluster, colour)) === 0);
  await deployment.refresh();
}

/** Makes room again: an update that moves traffic back waits for nothing, the next settles what was not ready, and then nothing is left to do. */
async function recovered(stack: ClusterStack, green: number): Promise<string> {
  const { cluster, deployment } = stack;
  await roomForPods(cluster);
  const outcomes = [await share(deployment, green), await deployment.up()];
  for (const outcome of outcomes) expectClean(settled(outcome));
  const did = outcomes.map(({ changes }) => JSON.stringify(changes)).join(", then ");
  return `${did}, then ${await nothing(deployment)}; ${await expectGreen(stack, green)}`;
}

async function roomForPods(cluster: Cluster): Promise<void> {
  await cluster.admitPods(true);
  for (const colour of ["blue", "green"] as const)
    await cluster.until(`${colour} has ready pods`, 120, async () => (await readyPods(cluster, colour)) > 0);
}

async function readyPods(cluster: Cluster, colour: Colour): Promise<number> {
  const { status } = (await readDeployment(cluster, colour)) ?? {};
  return ((status ?? {}) as { readonly readyReplicas?: number }).readyReplicas ?? 0;
}

function readDeployment(cluster: Cluster, colour: Colour) {
  return cluster.read("apps/v1", "Deployment", `api-${colour}`, namespace);
}

async function isCopied(cluster: Cluster): Promise<boolean> {
  const { status } = await cluster.required("external-secrets.io/v1", "ExternalSecret", "api", namespace);
  const { conditions = [] } = (status ?? {}) as { readonly conditions?: readonly { readonly type: string; readonly status: string }[] };
  return conditions.some((one) => one.type === "Ready" && one.status === "True");
}
