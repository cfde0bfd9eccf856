/** What rollbacks took, judged and as a table. Pure but for the machine's load, which is told beside them. */
import { loadavg } from "node:os";
import Table from "cli-table3";
import type { JournalEntry } from "./awsServer.ts";
import { expect } from "./checks.ts";

/** What a rollback may cost, in any of the situations. */
export const most = { processorSeconds: 0.8, requests: 10, oneAfterTheOther: 4, secondsUntilReadBack: 5 };

/** One rollback as it was measured. */
export interface Measured {
  /** Seconds until the load balancer had the new weight, until it was read back, and until the command had ended. */
  readonly moved: number;
  readonly readBack: number;
  readonly ended: number;
  readonly processor: number;
  /** Requests until the weight moved, that one included. */
  readonly first: readonly JournalEntry[];
}

/** Length of the longest chain of calls in which each began after the one before had ended. */
export function chainOf(calls: readonly JournalEntry[]): number {
  const lengths: number[] = [];
  for (const [index, { began }] of calls.entries()) {
    const before = calls.slice(0, index).flatMap(({ ended }, earlier) => (ended !== null && ended <= began ? [lengths[earlier] ?? 0] : []));
    lengths.push(1 + Math.max(0, ...before));
  }
  return Math.max(0, ...lengths);
}

/** In words. @throws Error when it is more than it may be */
export function verdictOf(all: readonly Measured[]): string {
  const worst = (figure: (one: Measured) => number) => Math.max(...all.map(figure));
  const found = [
    `${worst(({ first }) => first.length)} requests`,
    `${percentile(all, 50, ({ processor }) => processor).toFixed(2)} s of processor time`,
    `moved after ${percentile(all, 50, ({ moved }) => moved).toFixed(2)} s`,
    `read back after ${percentile(all, 50, ({ readBack }) => readBack).toFixed(2)} s (p95 ${percentile(all, 95, ({ readBack }) => readBack).toFixed(2)} s)`,
    `load ${(loadavg()[0] ?? 0).toFixed(1)}`,
  ].join(", ");
  const longest = all.reduce((a, b) => (b.first.length > a.first.length ? b : a));
  const operations = longest.first.map(({ operation }) => operation).join(", ");
  expect(worst(({ first }) => first.length) <= most.requests, `${found}: ${operations}`);
  expect(percentile(all, 50, ({ processor }) => processor) <= most.processorSeconds, found);
  expect(percentile(all, 95, ({ readBack }) => readBack) <= most.secondsUntilReadBack, found);
  return found;
}

/** A figure of that percentile. @param percent 50 is the median */
export function percentile<One>(all: readonly One[], percent: number, figure: (one: One) => number): number {
  const sorted = all.map(figure).sort((a, b) => a - b);
  return sorted[Math.min(sorted.length - 1, Math.ceil((percent / 100) * sorted.length) - 1)] ?? Number.NaN;
}

/** By situation. */
export function tableOf(measured: ReadonlyMap<string, readonly Measured[]>): string {
  const table = new Table({
    head: ["rollback now", "rounds", "requests", "processor s", "moved s", "read back s", "p95", "ended s"],
    style: { head: [], border: [] },
  });
  for (const [situation, all] of measured) {
    const figure = (of: (one: Measured) => number, percent = 50) => percentile(all, percent, of);
    table.push([
      ...[situation, all.length, figure(({ first }) => first.length, 100)],
      ...[
        figure(({ processor }) => processor),
        figure(({ moved }) => moved),
        figure(({ readBack }) => readBack),
        figure(({ readBack }) => readBack, 95),
        figure(({ ended }) => ended),
      ].map((seconds) => seconds.toFixed(2)),
    ]);
  }
  return table.toString();
}
