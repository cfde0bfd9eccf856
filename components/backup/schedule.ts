/** Schedules of AWS Backup: six cron fields in UTC, `cron(minute hour day-of-month month day-of-week year)`. */

const months = ["JAN", "FEB", "MAR", "APR", "MAY", "JUN", "JUL", "AUG", "SEP", "OCT", "NOV", "DEC"];
const weekdays = ["SUN", "MON", "TUE", "WED", "THU", "FRI", "SAT"];

/** A schedule, read. */
interface Schedule {
  readonly minutes: readonly number[];
  readonly hours: readonly number[];
  /** Whether it runs on a day. */
  readonly runsOn: (day: Date) => boolean;
}

/** What is wrong with a schedule, worded to follow its path; undefined for a good one. */
export function scheduleProblem(expression: string): string | undefined {
  const fields = fieldsOf(expression);
  if (fields === undefined) return "is not six fields in cron(…)";
  const [minute = "", hour = "", day = "", month = "", weekday = "", year = ""] = fields;
  if (numbersIn(minute, 0, 59) === undefined) return `has the minute ${minute}`;
  if (numbersIn(hour, 0, 23) === undefined) return `has the hour ${hour}`;
  if (numbersIn(month, 1, 12, months) === undefined) return `has the month ${month}`;
  if ((day === "?") === (weekday === "?")) return "needs ? in exactly one of day of month and day of week";
  if (day !== "?" && dayRule(day) === undefined) return `has the day of month ${day}`;
  if (weekday !== "?" && weekdayRule(weekday) === undefined) return `has the day of week ${weekday}`;
  if (year !== "*") return `has the year ${year}; a plan that ends is no plan`;
  return undefined;
}

/** Gaps by schedule: every store of a plan asks for the same ones, and each is four years of days. */
const gaps = new Map<string, number | undefined>();

/**
 * Longest time between two runs, minutes: what can be lost when a run's backup is the last one. Looked up over four years,
 * so that every length of month and a leap year are in it.
 * @returns undefined for a schedule that cannot be read, infinity for one that runs less than twice
 */
export function longestGapMinutes(expression: string): number | undefined {
  if (!gaps.has(expression)) gaps.set(expression, longestGapOf(read(expression)));
  return gaps.get(expression);
}

function longestGapOf(schedule: Schedule | undefined): number | undefined {
  if (schedule === undefined) return undefined;
  const times = schedule.hours.flatMap((hour) => schedule.minutes.map((minute) => hour * 60 + minute)).sort((a, b) => a - b);
  let last: number | undefined;
  let longest = 0;
  let runs = 0;
  for (const day = new Date(Date.UTC(2027, 0, 1)); day.getUTCFullYear() < 2031; day.setUTCDate(day.getUTCDate() + 1)) {
    if (!schedule.runsOn(day)) continue;
    for (const time of times) {
      const run = day.getTime() / 60_000 + time;
      if (last !== undefined) longest = Math.max(longest, run - last);
      last = run;
      runs += 1;
    }
  }
  return runs < 2 ? Number.POSITIVE_INFINITY : longest;
}

/** Times of day in which its jobs start, `07:00-08:00`, as the windows of databases are written. @param minutes start window */
export function startTimes(expression: string, minutes: number): string[] {
  const schedule = read(expression);
  const clock = (minute: number) => `${String(Math.floor(minute / 60) % 24).padStart(2, "0")}:${String(minute % 60).padStart(2, "0")}`;
  const starts = schedule?.hours.flatMap((hour) => schedule.minutes.map((minute) => hour * 60 + minute)) ?? [];
  return starts.map((start) => `${clock(start)}-${clock(start + Math.min(minutes, 1439))}`);
}

function read(expression: string): Schedule | undefined {
  const fields = fieldsOf(expression);
  if (fields === undefined || scheduleProblem(expression) !== undefined) return undefined;
  const [minute = "", hour = "", day = "", month = "", weekday = ""] = fields;
  const inMonth = numbersIn(month, 1, 12, months) ?? [];
  const onDay = (day === "?" ? weekdayRule(weekday) : dayRule(day)) ?? (() => false);
  return {
    minutes: numbersIn(minute, 0, 59) ?? [],
    hours: numbersIn(hour, 0, 23) ?? [],
    runsOn: (date) => inMonth.includes(date.getUTCMonth() + 1) && onDay(date),
  };
}

function fieldsOf(expression: string): string[] | undefined {
  const fields = /^cron\(([^()]+)\)$/.exec(expression)?.[1]?.trim().split(/\s+/);
  return fields?.length === 6 ? fields : undefined;
}

/** Days of the month, `L` for the last. */
function dayRule(field: string): ((day: Date) => boolean) | undefined {
  if (field === "L") return (day) => new Date(day.getTime() + 86_400_000).getUTCDate() === 1;
  const days = numbersIn(field, 1, 31);
  return days === undefined ? undefined : (day) => days.includes(day.getUTCDate());
}

/** Days of the week, `SUN#1` for the first Sunday of a month, `SUNL` for the last. */
function weekdayRule(field: string): ((day: Date) => boolean) | undefined {
  const [, name = "", nth = ""] = /^(\w+?)(#[1-5]|L)$/.exec(field) ?? [];
  const days = numbersIn(name === "" ? field : name, 1, 7, weekdays);
  if (days === undefined || (name !== "" && days.length !== 1)) return undefined;
  return (day) => {
    if (!days.includes(day.getUTCDay() + 1)) return false;
    if (nth === "") return true;
    if (nth === "L") return new Date(day.getTime() + 7 * 86_400_000).getUTCMonth() !== day.getUTCMonth();
    return Math.ceil(day.getUTCDate() / 7) === Number(nth.slice(1));
  };
}

/** Numbers that a field means: `*`, `5`, `1-5`, `1,15`, `0/6` and names; undefined when it means none. */
function numbersIn(field: string, least: number, most: number, names: readonly string[] = []): number[] | undefined {
  const numbers = field.split(",").map((part) => {
    const [, range = "", step] = /^([^/]+)(?:\/(\d+))?$/.exec(part) ?? [];
    const [from = "", to] = range.split("-");
    const number = (word: string) => {
      const named = names.indexOf(word.toUpperCase());
      return named >= 0 ? named + least : /^\d+$/.test(word) ? Number(word) : Number.NaN;
    };
    const start = range === "*" ? least : number(from);
    const end = range === "*" || (to === undefined && step !== undefined) ? most : number(to ?? from);
    const by = Number(step ?? 1);
    if (!(start >= least && end <= most && start <= end && by >= 1)) return undefined;
    return Array.from({ length: Math.floor((end - start) / by) + 1 }, (_, index) => start + index * by);
  });
  return numbers.some((part) => part === undefined) ? undefined : [...new Set(numbers.flatMap((part) => part ?? []))];
}
