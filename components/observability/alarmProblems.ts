/** What CloudWatch refuses, or takes and never fires. */
import type { ArgumentProblem } from "../arguments.ts";
import { outsideRange } from "../arguments.ts";
import type { AlarmDefinition } from "./alarmDefinition.ts";
import { type Page, ruleOf } from "./pages.ts";

const nameLimit = 255;
const childLimit = 100;
const ruleLimit = 10_240;

/** Seconds that an alarm may look back over. */
export function longestLookBack(periodSeconds: number): number {
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
    ...outsideRange(`${at}.evaluationPeriods`, evaluationPeriods, 1, 10_080, "periods"),
    ...outsideRange(`${at}.datapointsToAlarm`, datapointsToAlarm, 1, Math.max(1, evaluationPeriods), "periods"),
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

/** Everything wrong with one page. */
export function pageProblems(page: Page, nameOf: (key: string) => string): ArgumentProblem[] {
  const children = page.anyOf.length + (page.andAnyOf?.length ?? 0) + (page.unless === undefined ? 0 : 1);
  const { length } = ruleOf(page, nameOf);
  if (children <= childLimit && length <= ruleLimit) return [];
  return [
    {
      propertyPath: `definitions (page ${page.key})`,
      reason: `makes a rule of ${children} alarms and ${length} characters; CloudWatch takes ${childLimit} and ${ruleLimit}`,
    },
  ];
}

/** A problem for each key that is there twice. */
export function repeatedKeys(keys: readonly string[]): ArgumentProblem[] {
  return [...new Set(keys.filter((key, index) => keys.indexOf(key) < index))].map((key) => ({
    propertyPath: `definitions.${key}`,
    reason: "is there twice; the second would silently replace the first",
  }));
}
