/**
 * `slipway alarms heartbeat`: tells an address outside of the account that messages of alarms have somebody to reach. What waits there for it rings
 * when it does not come: nobody inside can tell that nobody is told any more (a dead man's switch).
 */
import { setTimeout as pause } from "node:timers/promises";
import { notifies } from "../../components/environment/contract/notifications.ts";
import { notifiedRegions } from "../../infra/config/notifiedRegions.ts";
import { severities, severityOfTopic } from "../../infra/config/physicalNames.ts";
import type { StackConfig } from "../../infra/config/stack.ts";
import type { Aws } from "../aws/aws.ts";
import { openAws } from "../aws/open.ts";
import { topicsIn } from "../doctor/people.ts";
import { openSession } from "../engine/commands.ts";
import { readState, type State } from "../engine/state.ts";
import { nextLine, slipwayCommand } from "../project/nextCommand.ts";
import { type NamedStack, operatedStack, type StackFlags } from "../project/stack.ts";
import { alarmsOf } from "../status/alarms.ts";
import { UserError } from "../userError.ts";

/** Environment variable with the address, which is a secret; `{stack}` in it becomes the stack's name, such as `coinestate-production`. */
export const heartbeatVariable = "SLIPWAY_HEARTBEAT_URL";

/** How often it is sent, and how long an answer may take, milliseconds. */
const tries: Readonly<Record<"times" | "pause" | "answer", number>> = { times: 3, pause: 2_000, answer: 5_000 };

/** @returns 0 when it was sent, or there is no address; 1 when nobody would be told, or nobody takes it */
export async function heartbeat(flags: StackFlags): Promise<number> {
  const stack = operatedStack(flags);
  const session = openSession(stack);
  try {
    const address = process.env[heartbeatVariable] ?? "";
    return await beat({ stack, aws: openAws(stack), state: await readState(session) }, address);
  } finally {
    session.close();
  }
}

/** Whose messages are looked at. */
export interface Beating {
  readonly stack: NamedStack;
  readonly aws: Aws;
  readonly state: State;
}

/** The same with an address, for tests. @param wait milliseconds between two tries */
export async function beat(
  { stack, aws, state }: Beating,
  address: string,
  print: (line: string) => void = console.log,
  wait: number = tries.pause,
): Promise<number> {
  const { config, name } = stack;
  const page = slipwayCommand("runbook notifications", { stack: name });
  if (!notifies(config.notifications)) throw new UserError(`${name} tells nobody of alarms: slipway:notifications has no channel.`, 2);
  const problems = await whyNot({ stack, aws, state });
  if (problems.length > 0) {
    for (const line of problems) print(line);
    print(`No heartbeat was sent for ${name}.\n${nextLine(page)}`);
    return 1;
  }
  if (address === "") {
    print(`Messages of alarms of ${name} have somebody to reach. ${heartbeatVariable} is not set: nothing outside would miss them.`);
    return 0;
  }
  const refused = await send(addressOf(address, name), wait);
  print(refused ?? `Messages of alarms of ${name} have somebody to reach, and ${heartbeatVariable} was told.`);
  return refused === undefined ? 0 : 1;
}

/** The address is a secret: it stands in no message. @throws UserError for one that is none */
function addressOf(address: string, stack: string): URL {
  const filled = address.replaceAll("{stack}", stack.replaceAll(/[^A-Za-z0-9]+/g, "-").toLowerCase());
  const url = URL.canParse(filled) ? new URL(filled) : undefined;
  const isOwn = url?.protocol === "http:" && ["127.0.0.1", "[::1]", "localhost"].includes(url.hostname);
  if (url === undefined || (url.protocol !== "https:" && !isOwn))
    throw new UserError(`${heartbeatVariable} is no address that begins with https://. Nothing was sent.`, 2);
  return url;
}

/** @returns what came of it, unless it was taken */
async function send(url: URL, wait: number): Promise<string | undefined> {
  for (let left = tries.times; ; left -= 1) {
    const answer = await fetch(url, { method: "POST", redirect: "error", signal: AbortSignal.timeout(tries.answer) }).then(
      ({ ok, status }) => (ok ? undefined : `answers ${status}`),
      () => "does not answer",
    );
    if (answer === undefined) return undefined;
    if (left === 1) return `The address in ${heartbeatVariable} ${answer}: what waits there will ring.`;
    await pause(wait);
  }
}

/** Why somebody would not be told of an alarm; a sentence each. Counts alone are read, since addresses of subscriptions carry keys. */
async function whyNot({ stack: { config, ...named }, aws, state }: Beating): Promise<string[]> {
  const regions = notifiedRegions(config);
  const deaf = await Promise.all(regions.map((region) => deafIn(config, aws, state, region)));
  const { ringing } = await alarmsOf({ stack: { config, ...named }, aws }, state);
  const lost = ringing.filter(({ runbook }) => runbook === "notifications");
  return [...deaf.flat(), ...lost.map(({ name, region, summary }) => `${name} rings in ${region}: ${summary}`)];
}

async function deafIn({ aws: { region: own }, notifications }: StackConfig, aws: Aws, state: State, region: string): Promise<string[]> {
  const sns = await aws.client("sns", region);
  const topics = topicsIn(state, own).filter((topic) => topic.region === region);
  const asked = notifications.sendAllTo === undefined ? severities : [notifications.sendAllTo];
  const found = asked.map(async (severity) => {
    const topic = topics.find(({ arn }) => severityOfTopic(arn) === severity);
    if (topic === undefined) return `${severity} has no topic in ${region}.`;
    try {
      const asked = sns.getTopicAttributes({ TopicArn: topic.arn });
      const { Attributes = {} } = await aws.told(`The topic of ${severity} in ${region} cannot be read`, asked);
      return Number(Attributes.SubscriptionsConfirmed ?? 0) > 0 ? [] : `Nobody has confirmed that ${severity} may be sent in ${region}.`;
    } catch (error) {
      if (!(error instanceof UserError)) throw error;
      return error.message;
    }
  });
  return (await Promise.all(found)).flat();
}
