/** `slipway runbook`: a page with the stack's own values, or every page beside what rings now. */
import Table from "cli-table3";
import { distance } from "fastest-levenshtein";
import pc from "picocolors";
import type { StackConfig } from "../../infra/config/stack.ts";
import { openAws } from "../aws/open.ts";
import { openSession } from "../engine/commands.ts";
import { readState, type State } from "../engine/state.ts";
import { nextLine, slipwayCommand } from "../project/nextCommand.ts";
import { cloudOf, type NamedStack, operatedStack, type StackFlags, stackWords } from "../project/stack.ts";
import { alarmsOf, type RingingAlarm } from "../status/alarms.ts";
import { UserError } from "../userError.ts";
import type { AtHand } from "./atHand.ts";
import { type Filling, fillingOf } from "./filling.ts";
import { blocksIn, filledIn, forVariants, type Page, placeholdersIn, runbookPages, sectionOf, type Variant } from "./page.ts";
import { type Asked, namesOf, subjectOf } from "./subject.ts";
import { type WatchedAlarm, watchedAlarms } from "./watchedAlarm.ts";

/** Flags of the command. */
export type RunbookFlags = StackFlags & Asked;

/** A page with the values of what is at hand. */
export interface FilledPage {
  readonly text: string;
  /** Commands of the first block, as they are pasted. */
  readonly first: readonly string[];
  /** What nobody could fill in, by placeholder. */
  readonly gaps: Readonly<Record<string, Filling & { readonly known: false }>>;
}

/** What is known of a stack when one of its pages is asked for. */
export interface Known {
  readonly config: StackConfig;
  readonly flags: RunbookFlags;
  readonly state: State;
  readonly alarms: readonly WatchedAlarm[];
  readonly pages: ReadonlyMap<string, Page>;
}

/**
 * Prints a page, or the list of them. It asks no engine and takes no lock.
 * @param wanted name of an alarm, whole or without the stack's part, or of a page
 * @throws UserError when there is neither
 */
export async function runbook(wanted: string | undefined, flags: RunbookFlags): Promise<number> {
  const stack = operatedStack(flags);
  const { config, project } = stack;
  const { state, problem } = await readable(stack);
  if (problem !== undefined)
    console.log(pc.red(`The state cannot be read: ${problem}\nValues that only it has are named with the command that finds them.`));
  const known: Known = {
    config,
    flags,
    state,
    alarms: watchedAlarms(state, config),
    pages: runbookPages(project.folder),
  };
  if (wanted === undefined) return list(stack, known);
  const { page, alarm } = chosen(wanted, known);
  const filled = fill(page, alarm, known);
  console.log(pc.dim(headOf(stack, page, alarm)));
  console.log(filled.text.trimEnd());
  for (const [name, { about, command }] of Object.entries(filled.gaps))
    console.log(pc.yellow(`<${name}> is ${about}. Find it: ${command}`));
  console.log(nextLine(filled.first[0]));
  return 0;
}

/** @returns an empty state, and why, where there is none to be read: an alarm rings all the same */
async function readable(stack: NamedStack): Promise<{ readonly state: State; readonly problem?: string }> {
  const session = openSession(stack);
  try {
    return { state: await readState(session) };
  } catch (error) {
    if (!(error instanceof UserError)) throw error;
    return { state: { resources: [], pendingOperations: [] }, problem: error.message };
  } finally {
    session.close();
  }
}

/** The page that is meant, and the alarm that it was reached by. @throws UserError when there is no such alarm and no such page */
export function chosen(
  wanted: string,
  { alarms, pages, config, flags }: Known,
): { readonly page: Page; readonly alarm: WatchedAlarm | undefined } {
  const own = alarms.filter(({ name, key }) => name === wanted || key === wanted);
  const region = flags.region ?? config.aws.region;
  const alarm = own.find((one) => one.region === region) ?? own[0];
  const page = pages.get(alarm?.page ?? wanted);
  if (page !== undefined) return { page, alarm: alarm ?? onlyOne(alarms, page, region, flags) };
  if (alarm !== undefined) throw new UserError(`${alarm.name} names the page ${alarm.page}.md, which is not here: ${alarm.summary}`, 2);
  const words = [...pages.keys(), ...alarms.map(({ key }) => key)];
  const [near] = words.filter((word) => distance(word, wanted) <= 3).sort((a, b) => distance(a, wanted) - distance(b, wanted));
  const meant = near === undefined ? "" : ` Did you mean ${near}?`;
  throw new UserError(`There is no alarm and no page ${wanted}.${meant} All of them: ${slipwayCommand("runbook", flags)}`, 2);
}

/** The alarm that a page is about, where only one of the region names the page. */
function onlyOne(alarms: readonly WatchedAlarm[], { slug }: Page, region: string, { service, database }: Asked): WatchedAlarm | undefined {
  const [first, ...others] = alarms.filter((alarm) => alarm.page === slug && alarm.region === region);
  return others.length > 0 || service !== undefined || database !== undefined ? undefined : first;
}

/** The page with its values; what is not known stands as `<name>` in it. */
export function fill({ slug, text }: Page, alarm: WatchedAlarm | undefined, { config, flags, state }: Known): FilledPage {
  const at: AtHand = { config, flags, state, page: slug, alarm, subject: subjectOf(config, alarm, flags) };
  const mine = forVariants(text, variantsAt(at));
  const values = new Map(placeholdersIn(mine).map((name) => [name, fillingOf(name, at)]));
  const shown = (name: string) => {
    const value = values.get(name);
    return value?.known === true ? value.text : `<${name}>`;
  };
  const whole = filledIn(mine, shown, stackWords(flags));
  const gaps = [...values].flatMap(([name, value]) => (value.known ? [] : [[name, value] as const]));
  return { text: whole, first: blocksIn(sectionOf(whole, "First five minutes"))[0] ?? [], gaps: Object.fromEntries(gaps) };
}

/** What parts of a page are for the stack at hand: for its one service or database where that is known, else for all that it has. */
export function variantsAt({ config, subject }: AtHand): ReadonlySet<Variant> {
  const of = (part: "service" | "database") => {
    const name = subject.named[part];
    return name === undefined ? namesOf(config, part) : [name];
  };
  return new Set<Variant>([
    ...of("service").flatMap((name) => config.services[name]?.compute ?? []),
    ...of("database").flatMap((name) => config.databases[name]?.engine ?? []),
    ...(config.edge.provider === "awsWaf" || config.edge.provider === "cloudflare" ? [config.edge.provider] : []),
  ]);
}

function headOf(stack: NamedStack, { slug }: Page, alarm: WatchedAlarm | undefined): string {
  const where = `${stack.name} in ${cloudOf(stack)}, page ${slug}`;
  return alarm === undefined
    ? `${where}.`
    : `${where}, for ${alarm.name}${alarm.severity === undefined ? "" : ` (${alarm.severity})`}: ${alarm.summary}`;
}

/** What rings, the gravest first, and every page. @returns 1 when something rings that wakes people, or nobody can tell */
async function list(stack: NamedStack, { state, pages, flags }: Known): Promise<number> {
  const rings = await ringingNow(stack, state);
  const alarms = typeof rings === "string" ? [] : rings.filter(({ severity, runbook }) => severity !== undefined && runbook !== undefined);
  const [first] = alarms;
  if (typeof rings === "string") console.log(pc.red(`What rings is not known: ${rings}`));
  else if (first === undefined) console.log(`No alarm of ${stack.name} rings in ${cloudOf(stack)}.`);
  else {
    const table = new Table({ head: ["severity", "rings", "page", "what is wrong"], style: { head: [], border: [] } });
    for (const { severity = "", name, runbook: page = "", summary } of alarms) table.push([severity, name, page, summary]);
    console.log(`Rings in ${stack.name}, ${cloudOf(stack)}:\n${table.toString()}`);
  }
  const widest = Math.max(...[...pages.keys()].map(({ length }) => length));
  console.log(["Pages:", ...[...pages.values()].map(({ slug, title }) => `  ${slug.padEnd(widest)}  ${title}`)].join("\n"));
  console.log(nextLine(first === undefined ? undefined : slipwayCommand(`runbook ${first.name}`, flags)));
  return typeof rings === "string" || alarms.some(({ severity }) => severity === "P0" || severity === "P1") ? 1 : 0;
}

/** @returns why nobody can tell, where CloudWatch refuses */
async function ringingNow(stack: NamedStack, state: State): Promise<readonly RingingAlarm[] | string> {
  try {
    return (await alarmsOf({ stack, aws: openAws(stack) }, state)).ringing;
  } catch (error) {
    if (error instanceof UserError) return error.message;
    throw error;
  }
}
