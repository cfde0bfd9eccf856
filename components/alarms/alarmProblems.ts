/** What CloudWatch refuses, or takes and never fires. */
import type { ArgumentProblem } from "../contract/argumentProblem.ts";
import { outside } from "../contract/argumentProblem.ts";
import type { AlarmDefinition } from "./alarmDefinition.ts";
import { datapoints, lookedBackPeriods } from "./contract.ts";
import { type Page, ruleOf } from "./pages.ts";

type RuleOfAlarms = Pick<Page, "key" | "anyOf" | "andAnyOf" | "unless">;

const nameLimit = 255;
const childLimit = 100;
const ruleLimit = 10_240;

/** Seconds that an alarm may look back over. */
function longestLookBack(periodSeconds: number): number {
  return periodSeconds < 3600 ? 86_400 : 604_800;
}

/** Everything wrong with one alarm. */
export function alarmProblems(
  alarm: AlarmDefinition,
  { region, nameOf }: { readonly region: string; readonly nameOf: (key: string) => string },
): ArgumentProblem[] {
  const { key, periodSeconds, evaluationPeriods, datapointsToAlarm = evaluationPeriods, watch } = alarm;
  const at = `definitions.${key}`;
  const problems: ArgumentProblem[] = [
    ...outside(`${at}.evaluationPeriods`, evaluationPeriods, lookedBackPeriods),
    ...outside(`${at}.datapointsToAlarm`, datapointsToAlarm, datapoints(evaluationPeriods)),
  ];
  const refuse = (property: string, reason: string) => problems.push({ propertyPath: `${at}.${property}`, reason });
  if (!/^[a-z0-9][a-z0-9-]*$/.test(key)) refuse("key", "is not lower-case words with hyphens");
  if (nameOf(key).length > nameLimit) refuse("key", `makes a name of ${nameOf(key).length} characters; CloudWatch takes ${nameLimit}`);
  if (alarm.region !== region) refuse("region", `is ${alarm.region}; the alarm has to be in ${region}, where its topics are`);
  if (![10, 20, 30].includes(periodSeconds) && (periodSeconds % 60 !== 0 || periodSeconds < 60 || periodSeconds > 86_400))
    refuse("periodSeconds", `is ${periodSeconds}; give 10, 20, 30 or a multiple of 60 up to 86400`);
  const lookBack = periodSeconds * evaluationPeriods;
  if (lookBack > longestLookBack(periodSeconds))
    refuse("evaluationPeriods", `look back ${lookBack} seconds; CloudWatch takes ${longestLookBack(periodSeconds)} at this period`);
  if ("expression" in watch) {
    const ids = Object.keys(watch.metrics);
    if (ids.length === 0 || ids.length > 10) refuse("watch", `has ${ids.length} metrics; give 1 to 10`);
    for (const id of ids)
      if (!/^[a-z]\w{0,254}$/.test(id)) refuse("watch", `has the id ${id}; give one that starts with a lower-case letter`);
  }
  return problems;
}

/** Everything wrong with the rule of one page or group. */
export function pageProblems(page: RuleOfAlarms, nameOf: (key: string) => string): ArgumentProblem[] {
  const { children, characters } = sizeOf(page, nameOf);
  if (children <= childLimit && characters <= ruleLimit) return [];
  return [
    {
      propertyPath: `definitions (page ${page.key})`,
      reason: `makes a rule of ${children} alarms and ${characters} characters; CloudWatch takes ${childLimit} and ${ruleLimit}`,
    },
  ];
}

/** Whether CloudWatch takes a rule over these alarms, however they are put together. */
export function fitsInRule(keys: readonly string[], nameOf: (key: string) => string): boolean {
  const { children, characters } = sizeOf({ anyOf: keys }, nameOf);
  return children <= childLimit && characters <= ruleLimit - joined;
}

/** What a second side adds to a rule besides its alarms: `(…) AND (…)`. */
const joined = 10;

function sizeOf(rule: Omit<RuleOfAlarms, "key">, nameOf: (key: string) => string) {
  const { anyOf, andAnyOf = [], unless } = rule;
  const children = anyOf.length + andAnyOf.length + (unless === undefined ? 0 : 1);
  return { children, characters: ruleOf(rule, nameOf).length };
}

/** A problem for each key that is there twice. */
export function repeatedKeys(keys: readonly string[]): ArgumentProblem[] {
  return [...new Set(keys.filter((key, index) => keys.indexOf(key) < index))].map((key) => ({
    propertyPath: `definitions.${key}`,
    reason: "is there twice; the second would silently replace the first",
  }));
}
