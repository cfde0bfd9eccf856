/** Daily and weekly windows in UTC, as RDS, DocumentDB and ElastiCache write them: `03:00-04:00`, `sun:05:00-sun:06:00`. */
import { type BrokenRule, broken } from "../contract/rule.ts";

const days: readonly string[] = ["mon", "tue", "wed", "thu", "fri", "sat", "sun"];
const dayMinutes = 24 * 60;
const weekMinutes = 7 * dayMinutes;

/** Minutes of the week, the end after the start even over midnight. */
interface Span {
  readonly start: number;
  readonly end: number;
}

const clock = "([01]\\d|2[0-3]):([0-5]\\d)";
/** `hh:mm-hh:mm` */
export const dailyWindowPattern = new RegExp(`^${clock}-${clock}$`);
/** `ddd:hh:mm-ddd:hh:mm` */
export const weeklyWindowPattern = new RegExp(`^(${days.join("|")}):${clock}-(${days.join("|")}):${clock}$`);

/** Length in minutes; 0 of a text that is no window. */
export function windowMinutes(window: string): number {
  const [span] = spansOf(window);
  return span === undefined ? 0 : span.end - span.start;
}

/** Whether two windows share a minute of any day; AWS refuses that for backup and maintenance. */
export function windowsOverlap(a: string, b: string): boolean {
  return spansOf(a).some((first) =>
    spansOf(b).some((second) =>
      [-weekMinutes, 0, weekMinutes].some((shift) => first.start < second.end + shift && second.start + shift < first.end),
    ),
  );
}

/** AWS refuses a daily window that shares a minute with the maintenance window. @param key name of the daily window */
export function windowsApart(key: string, daily: string, weekly: string): BrokenRule[] {
  if (!windowsOverlap(daily, weekly)) return [];
  const free = ["03:00-04:00", "01:00-02:00", "21:00-22:00", "11:00-12:00"].find((window) => !windowsOverlap(window, weekly));
  return broken({
    path: [key],
    found: `is ${JSON.stringify(daily)}, which overlaps the maintenance ${weekly}`,
    allowed: "a time outside the maintenance window",
    ...(free === undefined ? {} : { fix: { path: [key], choose: `a time outside of it, such as ${free}` } }),
  });
}

function spansOf(window: string): Span[] {
  const daily = window.match(dailyWindowPattern)?.slice(1).map(Number);
  if (daily !== undefined) {
    const [startHour = 0, startMinute = 0, endHour = 0, endMinute = 0] = daily;
    const start = startHour * 60 + startMinute;
    const end = endHour * 60 + endMinute;
    return days.map((_, day) => ({ start: day * dayMinutes + start, end: day * dayMinutes + end + (end <= start ? dayMinutes : 0) }));
  }
  const weekly = window.match(weeklyWindowPattern);
  if (weekly === null) return [];
  const minute = (day: string | undefined, hour: string | undefined, part: string | undefined) =>
    days.indexOf(day ?? "") * dayMinutes + Number(hour) * 60 + Number(part);
  const start = minute(weekly[1], weekly[2], weekly[3]);
  const end = minute(weekly[4], weekly[5], weekly[6]);
  return [{ start, end: end + (end <= start ? weekMinutes : 0) }];
}
