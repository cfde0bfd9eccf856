/** Weight and healthy targets of both colours against time, while a release goes forth and back: noted, judged and drawn. */
import { setTimeout as pause } from "node:timers/promises";

/** What is live at one moment. */
export interface Moment {
  /** Percent of traffic that green has. */
  readonly weight: number;
  /** Healthy targets. */
  readonly blue: number;
  readonly green: number;
  /** Tasks that blue's service is told to run. */
  readonly blueWanted: number;
}

/** A moment that differs from the one before. */
export interface Sample extends Moment {
  /** Since the first look. */
  readonly seconds: number;
}

/** Looks again and again while something else runs. @param every milliseconds between two looks */
export async function watched(look: () => Promise<Moment>, every: number, run: () => Promise<unknown>): Promise<Sample[]> {
  const samples: Sample[] = [];
  const started = performance.now();
  let over = false;
  const note = async () => {
    const moment = await look();
    const before = samples.at(-1);
    const same = before !== undefined && Object.entries(moment).every(([key, value]) => before[key as keyof Moment] === value);
    if (!same) samples.push({ seconds: (performance.now() - started) / 1000, ...moment });
  };
  const watching = (async () => {
    for (; !over; await pause(every)) await note();
    await note();
  })();
  watching.catch(() => {}); // thrown below, once the run has ended
  try {
    await run();
  } finally {
    over = true;
    await watching;
  }
  return samples;
}

/**
 * What is wrong with a way forth and back. Forward, green has its targets before it has its share; on the way back blue is told to run all
 * tasks before traffic moves, and nobody waits for them.
 * @param tasks that serve everything
 */
export function rampProblems(samples: readonly Sample[], tasks: number): string[] {
  const steps = samples.slice(1).map((now, index) => ({ before: samples[index] as Sample, now }));
  const forward = steps.filter(({ before, now }) => now.weight > before.weight);
  const back = steps.filter(({ before, now }) => now.weight < before.weight);
  const needed = ({ weight }: Moment) => Math.ceil((weight * tasks) / 100);
  const early = forward
    .filter(({ now }) => now.green < needed(now))
    .map(({ now }) => `${now.weight} % at ${now.green} of ${needed(now)} healthy targets`);
  const unasked = back
    .filter(({ now }) => now.blueWanted < tasks)
    .map(({ now }) => `back to ${now.weight} % with ${now.blueWanted} of ${tasks} tasks asked for`);
  const waited = back
    .filter(({ now }) => now.blue >= tasks)
    .map(({ now }) => `the way back to ${now.weight} % waited for ${now.blue} targets`);
  const ends = [samples[0], samples.at(-1)].map((end) => end?.weight);
  const whole = forward.some(({ now }) => now.weight === 100) && back.some(({ now }) => now.weight === 0);
  const last = samples.at(-1)?.blue;
  return [
    ...[...early, ...unasked, ...waited],
    ...(whole && ends.every((end) => end === 0)
      ? []
      : [`it was no way from 0 to 100 and back: ${samples.map(({ weight }) => weight).join(", ")}`]),
    ...(last === tasks ? [] : [`blue ends with ${last} healthy targets`]),
  ];
}

const head = ["seconds", "weight of green", "green healthy", "blue healthy", "blue asked for"] as const;

/** As a table of a page. */
export function rampTable(samples: readonly Sample[]): string {
  const rows = samples.map(({ seconds, weight, green, blue, blueWanted }) => [seconds.toFixed(1), `${weight} %`, green, blue, blueWanted]);
  return [head, head.map(() => "--:"), ...rows].map((cells) => `| ${cells.join(" | ")} |`).join("\n");
}

/** The rows of such a table. */
export function samplesIn(table: string): Sample[] {
  return [...table.matchAll(/^\| ([\d.]+) \| (\d+) % \| (\d+) \| (\d+) \| (\d+) \|$/gm)].map((row) => {
    const [seconds, weight, green, blue, blueWanted] = row.slice(1).map(Number) as [number, number, number, number, number];
    return { seconds, weight, green, blue, blueWanted };
  });
}
