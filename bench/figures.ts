/** The ratios that the bench watches: by name, from what was measured. Ratios hold on any machine, seconds do not. */
import type { CommandPairs } from "./commands.ts";
import type { Comparison, SituationMeasured } from "./compare.ts";
import type { Size } from "./extent.ts";
import { againstLine, type Grown, type Growth } from "./growth.ts";
import { type Measured, memoryOfAll, processorOfAll } from "./measure.ts";

/** Ratios by name. */
export type Figures = Readonly<Record<string, number>>;

/** Everything that was measured. */
export interface Results {
  readonly comparison: Comparison;
  readonly commands: CommandPairs;
  /** Undefined when it was left out. */
  readonly growth: Growth | undefined;
}

const programTime = ({ costs }: Measured) => costs.program.processor;
const programMemory = ({ costs }: Measured) => costs.program.memory;
const engineTime = ({ costs }: Measured) => costs.engine.processor;
const engineMemory = ({ costs }: Measured) => costs.engine.memory;
const elapsed = ({ seconds }: Measured) => seconds;

/** All ratios. Those of the defaults say how many times more Pulumi's default costs; all others say what we cost. */
export function figuresOf({ comparison, commands, growth }: Results): Figures {
  return Object.fromEntries([
    ...comparison.previews.flatMap(defaultFigures),
    ...startFigures(comparison),
    ...commandFigures(commands),
    ...(growth === undefined ? [] : growthFigures(growth)),
  ]);
}

/** Whether a ratio is one of elapsed times, which few rounds beside other work do not tell. */
export function isElapsed(name: string): boolean {
  return name.endsWith(", time");
}

/** Whether a figure could be measured: without `/proc` processor time and memory are unknown. */
export function isKnown(figure: number | undefined): figure is number {
  return figure !== undefined && Number.isFinite(figure) && figure > 0;
}

function defaultFigures({ situation, slipway, defaults }: SituationMeasured): [string, number][] {
  return defaults.flatMap(({ side, measured }): [string, number][] => [
    [`${situation}: ${side} / slipway, time`, elapsed(measured) / elapsed(slipway)],
    [`${situation}: ${side} / slipway, program's processor time`, programTime(measured) / programTime(slipway)],
    [`${situation}: ${side} / slipway, program's memory`, programMemory(measured) / programMemory(slipway)],
    [`${situation}: ${side} / slipway, memory of all processes`, memoryOfAll(measured) / memoryOfAll(slipway)],
  ]);
}

function startFigures({ previews, bare }: Comparison): [string, number][] {
  const slipway = previews.find(({ situation }) => situation === "config")?.slipway;
  if (slipway === undefined) return [];
  return [
    ["preview / bare program, time", elapsed(slipway) / elapsed(bare)],
    ["preview / bare program, program's processor time", programTime(slipway) / programTime(bare)],
    ["preview / bare program, program's memory", programMemory(slipway) / programMemory(bare)],
  ];
}

/** Ratios of Slipway's commands to the engine's own. */
export function commandFigures(pairs: CommandPairs): [string, number][] {
  return Object.values(pairs).flatMap(({ title, slipway, plain }): [string, number][] => [
    [`${title}, time`, elapsed(slipway) / elapsed(plain)],
    [`${title}, processor time`, processorOfAll(slipway) / processorOfAll(plain)],
    [`${title}, peak memory`, slipway.costs.peak / plain.costs.peak],
  ]);
}

function growthFigures(growth: Growth): [string, number][] {
  const costs: readonly (readonly [string, (grown: Grown) => number])[] = [
    ["preview, program's processor time", ({ preview }) => programTime(preview)],
    ["preview, program's memory", ({ preview }) => programMemory(preview)],
    ["preview, engine's processor time", ({ preview }) => engineTime(preview)],
    ["rollback, engine's processor time", ({ update }) => engineTime(update)],
    ["rollback, engine's memory", ({ update }) => engineMemory(update)],
  ];
  // Elapsed time is too unsteady for a line through two small sizes, so it is compared by resource.
  const times: readonly (readonly [string, (grown: Grown) => number])[] = [
    ["preview, time", ({ preview }) => elapsed(preview)],
    ["rollback, time", ({ update }) => elapsed(update)],
  ];
  const perResource = (cost: (grown: Grown) => number, size: Size) => cost(growth[size]) / growth[size].resources;
  return [
    ...costs.map(([name, cost]): [string, number] => [
      `33 services / line through 1 and 10: ${name}`,
      againstLine((size) => cost(growth[size])),
    ]),
    ...times.map(([name, cost]): [string, number] => [
      `one resource among 33 services / among 10: ${name}`,
      perResource(cost, 33) / perResource(cost, 10),
    ]),
    ...[...times, ...costs].map(([name, cost]): [string, number] => [
      `33 services / 1 service: ${name}`,
      cost(growth[33]) / cost(growth[1]),
    ]),
  ];
}
