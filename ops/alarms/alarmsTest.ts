/** `slipway alarms test`: one message of each severity to its topic, and the word of people that it came. */
import { randomInt } from "node:crypto";
import { createInterface } from "node:readline";
import { setTimeout as pause } from "node:timers/promises";
import Table from "cli-table3";
import pc from "picocolors";
import { notifies } from "../../components/environment/contract/notifications.ts";
import { notifiedRegions } from "../../infra/config/notifiedRegions.ts";
import { type Severity, severities, stackName } from "../../infra/config/physicalNames.ts";
import type { StackConfig } from "../../infra/config/stack.ts";
import type { Aws } from "../aws/aws.ts";
import { openAws } from "../aws/open.ts";
import { openSession } from "../engine/commands.ts";
import { readState, type State } from "../engine/state.ts";
import { nextLine, slipwayCommand } from "../project/nextCommand.ts";
import { cloudOf, type NamedStack, operatedStack, type StackFlags } from "../project/stack.ts";
import { UserError } from "../userError.ts";
import { publishInput } from "./testMessage.ts";
import { confirmedBy, digestOf, readTestRecord, type TestRecord, testLine, unconfirmedIn, writeTestRecord } from "./testRecord.ts";
import { reachesSomebody, shownSubscribers, type ToldSeverity, toldIn } from "./told.ts";

/** Flags of the command. */
export interface AlarmsTestFlags extends StackFlags {
  /** @default the stack's own */
  readonly region?: string;
  /** Milliseconds to wait for codes. */
  readonly wait: number;
  /** Codes of messages that came. */
  readonly confirm: readonly string[];
  readonly dryRun: boolean;
}

/** What the command needs besides its flags. */
export interface TestIo {
  readonly print: (text: string) => void;
  /** Lines that somebody types or pipes in; ends when the signal says so. */
  readonly lines: (signal: AbortSignal) => AsyncIterable<string>;
  /** Milliseconds between two looks at what others have confirmed. */
  readonly lookEvery: number;
}

const terminal: TestIo = {
  print: console.log,
  lines: (signal) => {
    const typed = createInterface({ input: process.stdin, signal });
    // What is piped in and ends is no reason to stop waiting for those who confirm elsewhere.
    return typed;
  },
  lookEvery: 5000,
};

/** Sends and waits, or takes codes. @returns 0 when somebody has said of every severity that its message came, else 1 */
export async function testAlarms(flags: AlarmsTestFlags, io: TestIo = terminal): Promise<number> {
  const stack = operatedStack(flags);
  return testOn({ config: stack.config, aws: openAws(stack), cloud: cloudOf(stack), state: () => stateOf(stack) }, flags, io);
}

/** What is tested. */
export interface TestedStack {
  readonly config: StackConfig;
  readonly aws: Aws;
  /** For messages. */
  readonly cloud: string;
  readonly state: () => Promise<State>;
}

/** The same on a stack that is open. */
export async function testOn({ config, aws, cloud, state }: TestedStack, flags: AlarmsTestFlags, io: TestIo): Promise<number> {
  if (!notifies(config.notifications)) throw new UserError("The stack tells nobody of alarms: slipway:notifications names no channel.", 2);
  if (flags.confirm.length > 0) return confirm(aws, config, flags, io);
  const region = regionOf(config, flags.region);
  const told = await toldIn(config, aws, await state(), region);
  if (flags.dryRun) {
    io.print(shown(told, undefined));
    io.print(nextLine(repair(told, flags) ?? slipwayCommand("alarms test", flags)));
    return told.every(reachesSomebody) ? 0 : 1;
  }
  const sent = await send(aws, config, region, told, flags);
  await writeTestRecord(aws, config, sent);
  io.print(`Sent in ${region} of ${cloud}, by ${sent.by}:`);
  io.print(shown(told, sent));
  const others = notifiedRegions(config).filter((one) => one !== region);
  if (others.length > 0) io.print(`Not tested: the topics of ${others.join(", ")} (--region).`);
  const test = flags.wait > 0 ? await awaited(aws, config, sent, flags.wait, io) : sent;
  return ended(test, told, flags, io);
}

/** Takes codes that messages carried. @throws UserError for one that no message of the last test did */
async function confirm(aws: Aws, config: StackConfig, flags: AlarmsTestFlags, io: TestIo): Promise<number> {
  const test = await readTestRecord(aws, config);
  if (test === undefined) throw new UserError(`Nothing was sent yet. Send it: ${slipwayCommand("alarms test", flags)}`, 2);
  const { arn: by } = await aws.identity();
  let known = test;
  const strange: string[] = [];
  for (const code of flags.confirm) {
    const next = confirmedBy(known, code, by, aws.now());
    if (next === undefined) strange.push(code);
    else known = next;
  }
  if (known !== test) await writeTestRecord(aws, config, known);
  if (strange.length > 0)
    throw new UserError(
      `No message of the last test carries ${strange.join(", ")}. Still awaited: ${unconfirmedIn(known).join(", ") || "none"} of ${known.at}. Send anew: ${slipwayCommand("alarms test", flags)}`,
      2,
    );
  return ended(known, [], flags, io);
}

function regionOf(config: StackConfig, wanted: string | undefined): string {
  const regions = notifiedRegions(config);
  const region = wanted ?? config.aws.region;
  if (!regions.includes(region)) throw new UserError(`${region} has no topics of this stack. There are: ${regions.join(", ")}.`, 2);
  return region;
}

async function stateOf(stack: NamedStack) {
  const session = openSession(stack);
  try {
    return await readState(session);
  } finally {
    session.close();
  }
}

/** What one topic refuses keeps no other from being tried. */
async function send(
  aws: Aws,
  config: StackConfig,
  region: string,
  told: readonly ToldSeverity[],
  flags: AlarmsTestFlags,
): Promise<TestRecord> {
  const { arn: by } = await aws.identity();
  const at = aws.now();
  const sns = await aws.client("sns", region);
  const outcomes = await Promise.all(
    told.map(async ({ severity, topic }): Promise<[Severity, TestRecord["severities"][Severity]]> => {
      if (topic === undefined) return [severity, { outcome: "failed", reason: "there is no topic" }];
      const code = `${severity}-${randomInt(100_000, 1_000_000)}`;
      const confirmCommand = slipwayCommand("alarms test", flags, `--confirm ${code}`);
      const message = {
        ...{ severity, region, by, at, code },
        stack: stackName(config),
        accountId: config.aws.accountId,
        confirm: confirmCommand,
      };
      try {
        await aws.told(`The message of ${severity} was refused`, sns.publish(publishInput(topic.arn, message)));
        return [severity, { outcome: "sent", code: digestOf(code) }];
      } catch (error) {
        if (!(error instanceof UserError)) throw error;
        return [severity, { outcome: "failed", reason: error.message }];
      }
    }),
  );
  return { at: at.toISOString(), by, region, severities: Object.fromEntries(outcomes) as TestRecord["severities"] };
}

function shown(told: readonly ToldSeverity[], test: TestRecord | undefined): string {
  const table = new Table({ head: ["severity", "topic", "told", "message"], style: { head: [], border: [] } });
  for (const one of told) {
    const message = test?.severities[one.severity];
    const sent = message === undefined ? "not sent" : message.outcome === "failed" ? pc.red(message.reason) : "sent";
    const people = shownSubscribers(one);
    const topic = one.topic?.arn.split(":").at(-1);
    table.push([one.severity, topic === undefined ? pc.red("none") : topic, reachesSomebody(one) ? people : pc.red(people), sent]);
  }
  return table.toString();
}

/** Waits until everybody has said so, here or by the command of the message, or time is up. */
async function awaited(aws: Aws, config: StackConfig, sent: TestRecord, milliseconds: number, io: TestIo): Promise<TestRecord> {
  const open = () => unconfirmedIn(test).filter((severity) => test.severities[severity]?.outcome === "sent");
  let test = sent;
  if (open().length === 0) return test;
  io.print(
    `Type the codes as they come, or run the command of the message elsewhere. Waiting ${milliseconds / 1000} s for ${open().join(", ")}.`,
  );
  const over = new AbortController();
  const end = AbortSignal.any([AbortSignal.timeout(milliseconds), over.signal]);
  const heard = (async () => {
    for await (const line of io.lines(end)) {
      if (line.trim() === "") continue;
      const next = confirmedBy(merged(test, await readTestRecord(aws, config)), line, sent.by, aws.now());
      if (next === undefined) io.print(`No message carries ${line.trim()}.`);
      else {
        test = next;
        await writeTestRecord(aws, config, test);
        io.print(`${open().length === 0 ? "All came." : `Thank you. Still awaited: ${open().join(", ")}.`}`);
      }
      if (open().length === 0) over.abort();
    }
  })();
  while (!end.aborted && open().length > 0) {
    await pause(io.lookEvery, undefined, { signal: end }).catch(() => undefined);
    test = merged(test, await readTestRecord(aws, config));
  }
  over.abort();
  await heard;
  return test;
}

/** What others have confirmed of the same test is confirmed. */
function merged(own: TestRecord, read: TestRecord | undefined): TestRecord {
  if (read === undefined || read.at !== own.at) return own;
  const confirmed = severities.flatMap((severity) => {
    const [mine, theirs] = [own.severities[severity], read.severities[severity]];
    return theirs?.outcome === "confirmed" && mine?.outcome !== "confirmed" ? [[severity, theirs] as const] : [];
  });
  return { ...own, severities: { ...own.severities, ...Object.fromEntries(confirmed) } };
}

/** What puts it right that a topic reaches nobody. */
function repair(told: readonly ToldSeverity[], flags: AlarmsTestFlags): string | undefined {
  const waiting = told.some(({ subscribers }) => subscribers.answer === "read" && subscribers.value.some(({ confirmed }) => !confirmed));
  if (waiting) return slipwayCommand("doctor", flags);
  return told.every(reachesSomebody) ? undefined : slipwayCommand("up", flags, "--refresh");
}

function ended(test: TestRecord, told: readonly ToldSeverity[], flags: AlarmsTestFlags, io: TestIo): number {
  const open = unconfirmedIn(test);
  io.print(`Last test: ${testLine(test)}.`);
  const next = open.length === 0 ? undefined : (repair(told, flags) ?? slipwayCommand("runbook", flags, "notifications"));
  io.print(nextLine(next));
  return open.length === 0 ? 0 : 1;
}
