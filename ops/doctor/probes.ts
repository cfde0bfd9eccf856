/** Everything that `slipway doctor` asks about a stack. */
import { proxiedHosts } from "../../components/environment/contract/hostRecords.ts";
import { observedCluster } from "../../infra/config/alarmNeeds.ts";
import { rightsFor } from "../../infra/config/cloudflareRights.ts";
import type { StackConfig } from "../../infra/config/stack.ts";
import { phasesOf } from "../../infra/config/zoneRulesets.ts";
import type { Aws } from "../aws/aws.ts";
import { openAws } from "../aws/open.ts";
import { openCloudflare } from "../cloudflare/cloudflare.ts";
import { isReal } from "../engine/backend.ts";
import type { Session } from "../engine/session.ts";
import { readState, type State } from "../engine/state.ts";
import { openCluster, secretKubeconfig } from "../kubernetes/cluster.ts";
import type { NamedStack } from "../project/stack.ts";
import { heldImages, wantedImages } from "../release/heldImages.ts";
import { presenceOf } from "../secrets/values.ts";
import { accountLine } from "./account.ts";
import {
  certifiedAtCloudflare,
  edgeCertificateLine,
  rightLine,
  rulesetLines,
  tokenLine,
  usesCloudflare,
  zoneAtCloudflare,
} from "./cloudflare.ts";
import { clusterActions, clusterLine } from "./cluster.ts";
import { caaFor, caaLine, certifiedNames, openDns, zoneIn, zoneLine } from "./dns.ts";
import { imageLines } from "./images.ts";
import { insightsLine, writesInsights } from "./insights.ts";
import type { Line } from "./line.ts";
import { atRoute53, type Leads, atCloudflare as leadsAtCloudflare, nameLine, newHosts } from "./names.ts";
import { mailLines, slackLine, subscribersOf, topicsIn } from "./people.ts";
import { after, type Probe } from "./probe.ts";
import { quotaLine, quotaNeeds, quotaOf } from "./quotas.ts";
import { secretLine, wantedSecrets } from "./secrets.ts";
import { toolLines, toolsHere } from "./tools.ts";

/** All questions, in the order in which a person puts things right. @param words that name the stack in a command */
export async function probesOf(stack: NamedStack, session: Session, words: string): Promise<Probe[]> {
  const state = once(() => readState(session));
  return [
    { area: "tools", what: "Node.js and Pulumi engine", ask: async () => toolLines(await toolsHere(), words) },
    ...(await inAccount(stack, state, words)),
    ...(await atCloudflare(stack, state, words)),
    ...onCluster(stack, session),
  ];
}

async function inAccount(stack: NamedStack, state: () => Promise<State>, words: string): Promise<Probe[]> {
  const { config, backend } = stack;
  const { accountId: account, region } = config.aws;
  const aws = openAws(stack);
  const identity = once(() => accountLine(aws, account));
  const place = { account, primary: region, simulated: !isReal(backend, "aws"), stack: words };
  const told = async () => {
    const topics = topicsIn(await state(), region);
    const subscribers = (await Promise.all(topics.map((topic) => subscribersOf(aws, topic)))).flat();
    return [...mailLines(config, topics, subscribers), ...slackLine(config.notifications, await state())];
  };
  const dns = await openDns(stack);
  const zone: Probe = {
    ...{ area: "dns", what: `zone ${config.dns.zone}` },
    ask: async () => [zoneLine(config, await zoneIn(aws, config), await dns.servers(config.dns.zone), words)],
  };
  const names = recordsOfHosts(stack, state, words, (host) => atRoute53(aws, config, host));
  const asked: Probe[] = [
    ...(config.dns.provider === "route53" ? [zone, names] : []),
    ...quotaNeeds(config).map(
      (need): Probe => ({ area: "quotas", what: need.what, ask: async () => [quotaLine(need, await quotaOf(aws, need))] }),
    ),
    ...wantedSecrets(config).map(
      (entry): Probe => ({
        ...{ area: "secrets", what: entry.name },
        ask: async () => [secretLine(entry, (await presenceOf(aws, [entry])).get(entry.name), words, region, aws.now())],
      }),
    ),
    ...wantedImages(config).map(
      (wanted): Probe => ({
        ...{ area: "images", what: `${wanted.repository}, ${wanted.region}` },
        ask: async () => imageLines(wanted, await heldImages(aws, account, wanted), place),
      }),
    ),
    { area: "people", what: "confirmations", ask: told },
    ...watchedPods(config, aws),
  ];
  return [
    { area: "account", what: `credentials of ${account}`, ask: async () => [await identity()] },
    ...asked.map((probe) => after(identity, probe)),
    ...certifiedNames(config).map(
      (name): Probe => ({
        ...{ area: "dns", what: `certificate of AWS for ${name}` },
        ask: async () => [caaLine(name, await caaFor(name, dns))],
      }),
    ),
  ];
}

async function atCloudflare(stack: NamedStack, state: () => Promise<State>, words: string): Promise<Probe[]> {
  const { config } = stack;
  if (!usesCloudflare(config)) return [];
  const cloudflare = await openCloudflare(stack);
  const token = once(() => tokenLine(cloudflare));
  const hosts = proxiedHosts(config);
  const rulesets: Probe = {
    ...{ area: "cloudflare", what: "rulesets of the zone's phases" },
    ask: async () => rulesetLines(cloudflare, config, await state()),
  };
  const asked: Probe[] = [
    { area: "dns", what: `zone ${config.dns.zone}`, ask: async () => [await zoneAtCloudflare(cloudflare, config, words)] },
    recordsOfHosts(stack, state, words, (host) => leadsAtCloudflare(cloudflare, config, host)),
    ...rightsFor(config).map(
      (right): Probe => ({
        area: "cloudflare",
        what: `right ${right.name}`,
        ask: async () => [await rightLine(cloudflare, right, config)],
      }),
    ),
    ...(phasesOf(config).length === 0 ? [] : [rulesets]),
    ...(hosts.length === 0 ? [] : [{ area: "certificates", what: `Cloudflare's for ${hosts.join(", ")}`, ask: certificates } as const]),
  ];
  async function certificates(): Promise<Line[]> {
    const names = await certifiedAtCloudflare(cloudflare, config);
    return hosts.map((host) => edgeCertificateLine(host, names));
  }
  return [{ area: "cloudflare", what: "API token", ask: async () => [await token()] }, ...asked.map((probe) => after(token, probe))];
}

function recordsOfHosts(
  { config }: NamedStack,
  state: () => Promise<State>,
  words: string,
  leads: (host: string) => Promise<readonly Leads[]>,
): Probe {
  const ask = async () =>
    Promise.all(newHosts(config, await state()).map(async (host) => nameLine(host, await leads(host), config, words)));
  return { area: "dns", what: "records of the stack's hosts", ask };
}

/** Whether what alarms of pods are made of is written. */
function watchedPods(config: StackConfig, aws: Aws): Probe[] {
  const cluster = observedCluster(config);
  if (cluster === undefined) return [];
  return [
    {
      ...{ area: "cluster", what: `Container Insights of ${cluster.name}` },
      ask: async () => [insightsLine(cluster, await writesInsights(aws, cluster))],
    },
  ];
}

function onCluster(stack: NamedStack, session: Session): Probe[] {
  const actions = clusterActions(stack.config);
  const server = stack.config.kubernetes.cluster?.server;
  if (actions.length === 0 || server === undefined) return [];
  const cluster = openCluster(stack, () => secretKubeconfig(session));
  const ask = async () => [clusterLine(server, actions, await Promise.all(actions.map((action) => cluster.may(action))))];
  return [{ area: "cluster", what: `rights on ${server}`, ask }];
}

/** Asks when it is first needed, and only then. */
function once<Answer>(ask: () => Promise<Answer>): () => Promise<Answer> {
  let answer: Promise<Answer> | undefined;
  return () => {
    answer ??= ask();
    return answer;
  };
}
