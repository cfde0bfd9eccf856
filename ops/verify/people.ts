/** Whether people are told of alarms: a row for each region with topics, and when somebody last saw that messages come. */
import type { StackConfig } from "../../infra/config/stack.ts";
import { readTestRecord, testLine, unconfirmedIn } from "../alarms/testRecord.ts";
import { shownSubscribers, type ToldSeverity, toldIn } from "../alarms/told.ts";
import type { Aws } from "../aws/aws.ts";
import type { State } from "../engine/state.ts";
import { slipwayCommand } from "../project/nextCommand.ts";
import type { StackFlags } from "../project/stack.ts";
import { type Check, checked, type Finding } from "./check.ts";

/** Days after which a test of the messages says little: people and keys change. */
const testAge = 90;

/** A severity that nobody is subscribed to fails its region's row; an address that waits to be confirmed only degrades it, as an old test does. */
export async function peopleChecks(
  config: StackConfig,
  aws: Aws,
  state: State,
  regions: readonly string[],
  flags: StackFlags,
): Promise<Check[]> {
  const rows = regions.map((region) =>
    checked(`who is told in ${region}`, "somebody, of each severity", async () => judged(await toldIn(config, aws, state, region), flags)),
  );
  const tested = checked("messages of alarms", `tested within ${testAge} days`, async (): Promise<Finding> => {
    const test = await readTestRecord(aws, config);
    const found = testLine(test);
    const old = test === undefined || aws.now().getTime() - Date.parse(test.at) > testAge * 86_400_000;
    if (!old && unconfirmedIn(test).length === 0) return { found, verdict: "good" };
    return { found, verdict: "degraded", advice: slipwayCommand("alarms test", flags) };
  });
  return Promise.all(regions.length === 0 ? rows : [...rows, tested]);
}

/** Judges one region. Pure. */
export function judged(told: readonly ToldSeverity[], flags: StackFlags): Finding {
  const of = (wanted: (one: ToldSeverity) => boolean) => told.filter(wanted);
  const lines = (all: readonly ToldSeverity[]) =>
    all.map((one) => `${one.severity}: ${shownSubscribers(one).replaceAll("\n", ", ")}`).join("\n");
  const unread = of(({ subscribers }) => subscribers.answer === "unread");
  // An address that waits may still say yes; a topic that nobody is subscribed to tells nobody for good.
  const deaf = of(({ topic, subscribers }) => topic === undefined || (subscribers.answer === "read" && subscribers.value.length === 0));
  if (deaf.length > 0) return { found: lines(deaf), verdict: "failed", advice: slipwayCommand("up", flags, "--refresh") };
  if (unread.length > 0) return { found: lines(unread), verdict: "failed", advice: "It could not be read: fix that, then run this again." };
  const waiting = of(({ subscribers }) => subscribers.answer === "read" && subscribers.value.some(({ confirmed }) => !confirmed));
  if (waiting.length > 0) return { found: lines(waiting), verdict: "degraded", advice: slipwayCommand("doctor", flags) };
  return { found: "every address is confirmed", verdict: "good" };
}
