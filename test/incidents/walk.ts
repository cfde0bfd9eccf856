/** Walks an incident as a person does who knows nothing: only by the commands that the output before has printed. */

import { join } from "node:path";
import { stripVTControlCharacters } from "node:util";
import { alarms, nameOf, stateOf } from "../../sandbox/events/alarmState.ts";
import { openLiveStore } from "../../sandbox/sandbox.ts";
import type { StackUnderTest } from "../harness/stack.ts";
import type { Commands, Counts, Incident } from "./incident.ts";

/** Commands after which a person gives up. */
const patience = 6;

/** The line in which every command for the person on call says what comes next. */
const nextPattern = /^\s*Next: (.+)$/gm;

/** One command and what it said. */
export interface Step {
  readonly command: string;
  readonly exitCode: number;
  readonly said: string;
}

/** How an incident went. */
export interface Walked extends Counts {
  readonly steps: readonly Step[];
  /** What a command made worse. */
  readonly unsafe: readonly string[];
}

/** Makes the fault in a stack that is there, and follows what is printed until all is clean or nothing comes next. */
export async function walk(incident: Incident, stack: StackUnderTest): Promise<Walked> {
  await incident.prepare?.(stack);
  await incident.fault(stack);
  const text = incident.alarm === undefined ? "" : ringing(stack, incident.alarm);
  const steps: Step[] = [];
  const unsafe: string[] = [];
  let known: Commands = incident.known.test(text) ? 0 : "never";
  let painEnds: Commands = incident.served(stack) ? 0 : "never";
  let clean: Commands = "never";
  const status = `npx slipway status --stack ${stack.stack}`;
  let next = commandsIn(nextIn(text) ?? status);
  while (clean === "never" && steps.length < patience) {
    const [command = status, ...following] = next;
    const step = await run(stack, command);
    steps.push(step);
    await incident.meanwhile?.(stack);
    const worse = incident.unsafe?.(stack);
    if (worse !== undefined) unsafe.push(`${step.command}: ${worse}`);
    if (known === "never" && incident.known.test(step.said)) known = steps.length;
    if (painEnds === "never" && incident.served(stack)) painEnds = steps.length;
    if (painEnds !== "never") await recover(stack);
    if (painEnds !== "never" && incident.clean(stack)) clean = steps.length;
    const named = (steps.length === 1 ? complaintIn(step.said, incident.complaint) : undefined) ?? nextIn(step.said);
    if (named === "nothing to do") break;
    // Of a line of several commands the next one runs where the one before went well, as in a shell; then what is going on is asked again.
    next = named !== undefined ? commandsIn(named) : step.exitCode === 0 ? following : [];
  }
  return { known, painEnds, clean, steps, unsafe };
}

/** The text of the alarm that rings, as mail and chat show it. @throws Error when none of that name rings */
function ringing(stack: StackUnderTest, pattern: RegExp): string {
  const store = openLiveStore(join(stack.folder, ".slipway"));
  const alarm = alarms(store).find((one) => pattern.test(nameOf(one)) && stateOf(store, one) === "ALARM");
  if (alarm === undefined) throw new Error(`no alarm like ${pattern} rings in ${stack.stack}`);
  return String(alarm.properties.alarmDescription);
}

/** Users are served: alarms whose metric is good again stop ringing by themselves. */
async function recover(stack: StackUnderTest): Promise<void> {
  const store = openLiveStore(join(stack.folder, ".slipway"));
  for (const alarm of alarms(store).filter((one) => stateOf(store, one) === "ALARM"))
    await stack.slipway("sandbox", "alarm", "set", nameOf(alarm), "OK", "--stack", stack.stack);
}

/** The last thing that a text names as the next one. */
function nextIn(text: string): string | undefined {
  return [...stripVTControlCharacters(text).matchAll(nextPattern)].at(-1)?.[1]?.trim();
}

/** What the status names for who was called by users. */
function complaintIn(text: string, complaint: RegExp | undefined): string | undefined {
  if (complaint === undefined) return undefined;
  const lines = [...stripVTControlCharacters(text).matchAll(/"([^"]+)": (npx slipway .+)$/gm)];
  return lines.find(([, words = ""]) => complaint.test(words))?.[2]?.trim();
}

function commandsIn(line: string): string[] {
  return line.split(" && ");
}

async function run(stack: StackUnderTest, command: string): Promise<Step> {
  const words = shellWords(command);
  if (words[0] !== "npx" || words[1] !== "slipway") throw new Error(`what comes next is no command of Slipway: ${command}`);
  const args = words.slice(2);
  // A person answers at the terminal; here is none.
  const answered = ["up", "refresh"].includes(args[0] ?? "") ? ["--yes", "--skip-preview", "--non-interactive"] : [];
  const { exitCode, stdout, stderr } =
    args[0] === "secrets" && args[1] === "set"
      ? await stack.slipwayAlone("a value that the person has, 0123456789", ...args)
      : await stack.slipway(...args, ...answered);
  return { command, exitCode, said: `${stdout}\n${stderr}` };
}

/** Words as a shell takes them apart: quoted ones are one, and a gap to fill is refused. */
export function shellWords(command: string): string[] {
  if (/<[a-z][^>]*>/.test(command)) throw new Error(`a gap is left to fill in: ${command}`);
  return [...command.matchAll(/'([^']*)'|"([^"]*)"|(\S+)/g)].map(([, single, double, plain]) => single ?? double ?? plain ?? "");
}
