/** `slipway verify`: whether a deployment, a rollback or a restoration has left what users need. */
import { setTimeout as pause } from "node:timers/promises";
import { recoveryCoverage } from "../../components/environment/contract/recoveryCoverage.ts";
import { notifiedRegions } from "../../infra/config/notifiedRegions.ts";
import type { StackConfig } from "../../infra/config/stack.ts";
import { openAws } from "../aws/open.ts";
import { newestBackups, openBackups } from "../backup/backup.ts";
import { followings } from "../database/servers.ts";
import { isReal } from "../engine/backend.ts";
import { openSession } from "../engine/commands.ts";
import { readState } from "../engine/state.ts";
import { openCluster, secretKubeconfig } from "../kubernetes/cluster.ts";
import { slipwayCommand } from "../project/nextCommand.ts";
import { cloudOf, type NamedStack, namedStack, type StackFlags } from "../project/stack.ts";
import { heldImages, wantedImages } from "../release/heldImages.ts";
import { latchesOf } from "../rollback/rollback.ts";
import { UserError } from "../userError.ts";
import { alarmChecks } from "./alarms.ts";
import { ask } from "./ask.ts";
import { type Check, passed } from "./check.ts";
import { verifiedCloud } from "./cloud.ts";
import { clusterChecks } from "./clusterTraffic.ts";
import { type Connections, parseConnections } from "./connection.ts";
import { addressOf, EndpointRecord } from "./endpoint.ts";
import { foreignChecks } from "./foreign.ts";
import { imageChecks } from "./images.ts";
import { peopleChecks } from "./people.ts";
import { alarmPlaces, databasePlaces, servicePlaces } from "./places.ts";
import { report } from "./report.ts";
import { backupChecks, databaseChecks, followingChecks } from "./stores.ts";
import type { Target } from "./target.ts";
import { latchChecks, trafficChecks } from "./traffic.ts";
import { watchEndpoints } from "./watch.ts";

/** Flags of the command. */
export interface VerifyFlags extends StackFlags {
  /** Seconds before the first check. @default 0 */
  readonly wait?: number;
  /** Seconds over which endpoints are asked again and again. @default 0: once */
  readonly watch?: number;
  /** Seconds between two rounds. @default 10 */
  readonly every?: number;
  /** Seconds that an endpoint may take. @default 10 */
  readonly timeout?: number;
  /** Other ways to hosts, `<host>=<address:port>`. */
  readonly connect: readonly string[];
}

/** Checks and prints. @returns 0 when nothing failed and everything was asked @throws UserError when there is nothing to verify */
export async function verify(target: Target, flags: VerifyFlags): Promise<number> {
  const { watch = 0, every = 10, wait = 0 } = flags;
  const stack = namedStack(flags);
  const { config, backend } = stack;
  const { endpoints } = config.uptime;
  requireSomethingToVerify(target, config, stack.name);
  if (every === 0) throw new UserError("--every is 0; give one second at least.", 2);
  const hosts = [...new Set(Object.values(endpoints).map(({ host }) => host))];
  const connections = parseConnections(flags.connect, hosts);
  const records = Object.entries(endpoints).map(([name, endpoint]) => new EndpointRecord(name, endpoint));
  const asked = records.filter(({ endpoint }) => isReal(backend, "aws") || connections.has(endpoint.host));

  if (wait > 0) console.log(`Waiting ${wait} s.`);
  await pause(wait * 1000);
  let own = await cloudChecks(target, stack, flags);
  const watched = watch > 0 && asked.length > 0 && passed(own);
  if (watched) console.log(`Asking ${asked.length} endpoints for ${watch} s, every ${every} s.`);
  await askEndpoints(asked, connections, watched ? watch : 0, flags);
  if (watched) own = await cloudChecks(target, stack, flags); // an alarm may have rolled back meanwhile
  const checks = [...own, ...records.map((record) => (asked.includes(record) ? record.check : notAsked(record)))];
  console.log(report(`The ${target} of ${stack.name} (${cloudOf(stack)})`, checks));
  if (records.length === 0) console.log("No endpoint was asked: slipway:uptime.endpoints names none.");
  if (watch > 0 && !watched) console.log("Endpoints were not watched: see what is failed or not asked above.");
  return passed(checks) ? 0 : 1;
}

/** Refuses a target that nothing could be held against. @throws UserError saying what is missing */
export function requireSomethingToVerify(target: Target, config: StackConfig, stack: string): void {
  const { uptime, databases } = config;
  if (target === "deployment" && Object.keys(uptime.endpoints).length === 0)
    throw new UserError(
      `${stack} has no endpoint to ask, so nobody could tell whether users are served. Name one under slipway:uptime.endpoints, such as:\n  api: {host: api.example.com, path: /health}`,
      2,
    );
  if (target === "restoration" && Object.keys(databases).length === 0 && !backsUp(config))
    throw new UserError(`${stack} has no database, and no backup plan takes a store: there is nothing that could have been restored.`, 2);
}

/** What the cloud says of the stack: read anew each time. */
async function cloudChecks(target: Target, stack: NamedStack, flags: StackFlags): Promise<Check[]> {
  const { config, name } = stack;
  const { region } = config.aws;
  const session = openSession(stack);
  try {
    const state = await readState(session);
    if (state.resources.length === 0)
      throw new UserError(`${name} is not there yet in ${cloudOf(stack)}. Run: ${slipwayCommand("up", flags)}`);
    const aws = openAws(stack);
    const cluster = openCluster(stack, () => secretKubeconfig(session));
    const cloud = verifiedCloud(aws);
    const named = { ...flags, stack: name };
    const alarms = () => alarmChecks(alarmPlaces(state, region), cloud, `${config.system}-${config.environment}-`);
    if (target === "restoration")
      return [
        ...(await storeChecks(stack, flags)),
        ...(await databaseChecks(databasePlaces(state, region), cloud)),
        ...followingChecks(await followings(aws, config), flags),
        ...(await alarms()),
      ];
    return [
      ...(await trafficChecks(target, servicePlaces(config, state), cloud, named)),
      ...(await clusterChecks(target, { config, state, aws, cluster }, named)),
      ...(await imageChecks(wantedImages(config), (wanted) => heldImages(aws, config.aws.accountId, wanted))),
      ...latchChecks(target, await latchesOf(stack), flags),
      ...(target === "deployment" ? await alarms() : []), // after a rollback alarms ring until their window is over
      ...(target === "deployment" ? await foreignChecks({ stack, state, aws, cluster }, named) : []),
      ...(target === "deployment" ? await peopleChecks(config, aws, state, notifiedRegions(config), flags) : []),
    ];
  } finally {
    session.close();
  }
}

function backsUp(config: StackConfig): boolean {
  return recoveryCoverage(config).some(({ plans }) => plans.length > 0);
}

async function storeChecks(stack: NamedStack, flags: StackFlags): Promise<Check[]> {
  if (!backsUp(stack.config)) return [];
  return backupChecks(await newestBackups(await openBackups(stack)), flags);
}

async function askEndpoints(
  records: readonly EndpointRecord[],
  connections: Connections,
  watch: number,
  { every = 10, timeout = 10 }: VerifyFlags,
): Promise<void> {
  if (records.length === 0) return;
  await watchEndpoints(records, {
    forMilliseconds: watch * 1000,
    everyMilliseconds: every * 1000,
    question: ({ endpoint }) =>
      ask(addressOf(endpoint), { connection: connections.get(endpoint.host), timeoutMilliseconds: timeout * 1000 }),
    ...(watch === 0
      ? {}
      : {
          onBad: ({ name }, { verdict, found }) =>
            console.log(`${new Date().toISOString().slice(11, 19)} UTC ${name} ${verdict}: ${found}`),
        }),
  });
}

function notAsked(record: EndpointRecord): Check {
  const { host } = record.endpoint;
  const advice = `The simulated cloud serves nobody. Ask your own server for it: --connect ${host}=http://127.0.0.1:8080`;
  return { ...record.check, advice };
}
