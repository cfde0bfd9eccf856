/** The program: config in, refused what must not happen, one environment, outputs out. */
import { Provider as AwsProvider } from "@pulumi/aws/provider.js";
import { Provider as CloudflareProvider } from "@pulumi/cloudflare/provider.js";
import { getStack, log, type ProviderResource, RunError, runtime } from "@pulumi/pulumi";
import { cloudflareTokenProblems, mayAskCloudflare } from "./config/cloudflareToken.ts";
import { cloudTime } from "./config/cloudTime.ts";
import type { ClusterAccess } from "./config/clusterAccess.ts";
import { partVariable } from "./config/commandVariables.ts";
import { latchedChanges, type SetLatch } from "./config/latchedChanges.ts";
import { ConfigError, formatProblems, type Problem } from "./config/problem.ts";
import type { StackConfig } from "./config/stack.ts";
import { problemSource, readEngineConfig } from "./engine/config.ts";
import { readDeployed } from "./engine/outputs.ts";
import { tellingRefusals } from "./engine/refusal.ts";
import { allRegistered } from "./engine/registrations.ts";
import { groundOf, StackEnvironment, type StackOutputs } from "./environment.ts";
import { clusterOf } from "./kubernetes.ts";
import { awaited } from "./release/awaited.ts";
import { cloudflareAnswers } from "./release/cloudflareAnswers.ts";
import { changedCluster } from "./release/clusterChange.ts";
import { refusedDatabaseChanges } from "./release/databasesInState.ts";
import { replacingDataChanges } from "./release/deployedData.ts";
import { beginsToStick, type DeployedRelease, deployedService, takesTrafficBack } from "./release/deployedRelease.ts";
import { type FollowedDeployments, followedDeployments, nothingFollowed } from "./release/followedDeployments.ts";
import { natZones, passedHosts } from "./release/handedOver.ts";
import { readLatches } from "./release/latches.ts";
import { beginsToLock, lockChanges } from "./release/originLock.ts";
import { releaseInState, type StateResources } from "./release/releaseInState.ts";
import { withoutDeadColours } from "./release/servingColours.ts";
import { unsafeChanges } from "./release/unsafeChanges.ts";

/** What everything stands on. */
interface ProviderAccess {
  readonly providers: readonly ProviderResource[];
  readonly onCluster: ClusterAccess | undefined;
}

/** What the caller of `declare` has already. */
interface DeclareOptions {
  /** @default a new one */
  readonly access?: ProviderAccess;
  /** Rollbacks that nobody has acknowledged. @default none */
  readonly latches?: readonly SetLatch[];
  /** Zones in which NAT gateways stand until this update, by AWS region. @default none does */
  readonly natZones?: Readonly<Record<string, string>>;
  /** Deployments that this update's follow. @default none */
  readonly followed?: FollowedDeployments;
  /** The origin lock is not asked for before the next update. @default false */
  readonly locksLater?: boolean;
}

/**
 * Reads the config, refuses what must not happen, declares everything.
 * @throws RunError with every problem, before anything is registered
 */
export function program(): Promise<StackOutputs> {
  return tellingRefusals(declared);
}

async function declared(): Promise<StackOutputs> {
  const config = readEngineConfig();
  const { release: recorded, data, originLock: lock, state: known } = await readDeployed();
  const state = known ?? {};
  const now = cloudTime();
  let release = releaseInState(state, config, recorded, now);
  let access: ProviderAccess | undefined;
  let unsafe = unsafeChanges(config, release, now);
  if (unsafe.length > 0) {
    access = providerAccess(config);
    release = await withoutDeadColours(release, state, config, access.providers[0]);
    unsafe = unsafeChanges(config, release, now);
  }
  const heldBy = takesTrafficBack(config, release) ? asWarning : (problem: Problem) => problem;
  const atCloudflare = cloudflareTokenProblems(config, process.env, { preview: runtime.isDryRun() }).map(heldBy);
  refuse([
    ...unsafe,
    ...passedHosts(config, state),
    ...changedCluster(config, state),
    ...replacingDataChanges(config, data),
    ...lockChanges(config, lock),
    ...atCloudflare.filter(isError),
    ...refusedDatabaseChanges(config, state),
  ]);
  access ??= providerAccess(config);
  if (config.dns.provider === "cloudflare" && process.env[partVariable] === undefined && mayAskCloudflare(process.env))
    atCloudflare.push(...(await cloudflareAnswers(config, known, access.providers[1])).map(heldBy));
  const warned = atCloudflare.filter((problem) => !isError(problem));
  if (warned.length > 0) await log.warn(formatProblems(warned, problemSource(), "warning"));
  refuse(atCloudflare.filter(isError));
  const latches = await readLatches(config, release, [config.aws.region], access.providers[0]);
  refuse(latchedChanges(config, latches, getStack()));
  for (const [name, service] of Object.entries(config.services))
    if (beginsToStick(service.release, deployedService(release, name)))
      await log.warn(`${name}: clients stay with their colour from this update on, and with one task from the next update: run it again.`);
  const locksLater = beginsToLock(config, state);
  if (locksLater)
    await log.warn(
      "edge.origin.lock: Cloudflare sends the header from this update on, the load balancer asks for it from the next: run it again.",
    );
  const [provider] = access.providers;
  const followed = await followedDeployments(config, known, provider === undefined ? {} : { provider });
  await awaitGround(config, state, release, followed, access, now);
  return declare(config, release, now, { access, latches, followed, natZones: natZones(state), locksLater });
}

/**
 * Where the tasks of a new service could not start, what they stand on is made, so that there is a registry to push to and a place for
 * secrets, and the update fails. A preview warns. Who names what to update is not kept from it.
 * @throws RunError with the commands that put it right
 */
async function awaitGround(
  config: StackConfig,
  state: StateResources,
  deployed: DeployedRelease,
  followed: FollowedDeployments,
  { providers, onCluster }: ProviderAccess,
  now: Date,
): Promise<void> {
  if (followed.partly) return;
  const stack = getStack();
  const missing = await awaited(config, state, providers[0], stack);
  if (missing === undefined) return;
  const said = missing.reasons.join(" ");
  const commands = missing.commands.map((command) => `  ${command}`);
  if (runtime.isDryRun()) {
    await log.warn([`${said} The update will make what they stand on, and then ask for:`, ...commands].join("\n"));
    return;
  }
  groundOf({ config, deployed, now, followed, clusterAccess: onCluster, latched: [], stack, natZones: natZones(state) }, missing.services, {
    providers: [...providers],
  });
  await allRegistered();
  throw new RunError([`${said} What they stand on is there, and nothing was deleted. Next:`, ...commands].join("\n"));
}

/**
 * Declares everything that a stack holds.
 * @param deployed what the last update left. @default nothing: a first update
 * @param now time of this update. @default this moment
 */
export function declare(
  config: StackConfig,
  deployed: DeployedRelease = {},
  now = cloudTime(),
  {
    access: { providers, onCluster } = providerAccess(config),
    latches = [],
    followed = nothingFollowed,
    natZones: zones = {},
    locksLater = false,
  }: DeclareOptions = {},
): StackOutputs {
  const latched = latches.map(({ service }) => service);
  const args = { config, deployed, now, followed, clusterAccess: onCluster, latched, natZones: zones, locksLater, stack: getStack() };
  return new StackEnvironment(args, { providers: [...providers] }).outputs(now);
}

/** Providers: AWS for one account only, and Cloudflare where it has the zone. The way to the cluster is read first, since it may be refused. */
function providerAccess(config: StackConfig): ProviderAccess {
  const onCluster = clusterOf(config);
  const { region, accountId } = config.aws;
  const aws = new AwsProvider("aws", { region, allowedAccountIds: [accountId] });
  return { onCluster, providers: config.dns.provider === "cloudflare" ? [aws, new CloudflareProvider("cloudflare")] : [aws] };
}

function isError({ severity }: Problem): boolean {
  return severity !== "warning";
}

function asWarning(problem: Problem): Problem {
  return { ...problem, severity: "warning" };
}

function refuse(problems: readonly Problem[]): void {
  if (problems.length > 0) throw new RunError(new ConfigError(problems, problemSource()).message);
}
