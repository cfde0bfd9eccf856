/** Graphs of checks, from outside by Route 53 and from inside by a function. */
import type { ShownCheck } from "./subjects.ts";
import { graph, type MetricWidget, type Series } from "./widget.ts";

/** Which checks are good, and how long their answers take where that is measured. */
export function checkGraphs(checks: readonly ShownCheck[]): MetricWidget[] {
  const lines = checks.map(({ label, metric, region }, index): [string, Series] => [`check${index}`, { label, metric, region }]);
  const good = graph("Answers (1 is good, 0 is bad)", Object.fromEntries(lines), { most: 1 });
  const timed = checks.flatMap(({ label, duration, region }, index): [string, Series][] =>
    duration === undefined ? [] : [[`time${index}`, { label, metric: duration, region }]],
  );
  if (timed.length === 0) return [good];
  return [good, graph("Time to answer", Object.fromEntries(timed))];
}
