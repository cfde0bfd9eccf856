/** The ratios that the bench watches: by name, from what was measured. Ratios hold on any machine, seconds do not. */
import { type Comparison, type Situation, situations } from "./compare.ts";
import { againstLine, type Grown, type Size } from "./growth.ts";
import { type Measured, memoryOfAll } from "./measure.ts";

/** Ratios by name. */
export type Figures = Readonly<Record<string, number>>;

/** Everything that was measured. */
export interface Results {
  readonly comparison: Comparison;
  readonly growth: Readonly<Record<Size, Grown>>;
}

const programTime = ({ costs }: Measured) => costs.program.processor;
const programMemory = ({ costs }: Measured) => costs.program.memory;
const engineTime = ({ costs }: Measured) => costs.engine.processor;
const engineMemory = ({ costs }: Measured) => costs.engine.memory;
const elapsed = ({ seconds }: Measured) => seconds;

/** All ratios. Those of the defaults say how many times more Pulumi's default costs; all others say what we cost. */
export function figuresOf({ comparison, growth }: Results): Figures {
  return Object.fromEntries([
    ...situations.flatMap((situation) => defaultFigures(situation, comparison)),
    ...startFigures(comparison),
    ...growthFigures(growth),
  ]);
}

/** Whether a figure could be measured: without `/proc` processor time and memory are unknown. */
export function isKnown(figure: number | undefined): figure is number {
  return figure !== undefined && Number.isFinite(figure) && figure > 0;
}

function defaultFigures(situation: Situation, { previews }: Comparison): [string, number][] {
  const { slipway, ...defaults } = previews[situation];
  return Object.entries(defaults).flatMap(([side, measured]): [string, number][] => [
    [`${situation}: ${side} / slipway, time`, elapsed(measured) / elapsed(slipway)],
    [`${situation}: ${side} / slipway, program's processor time`, programTime(measured) / programTime(slipway)],
    [`${situation}: ${side} / slipway, program's memory`, programMemory(measured) / programMemory(slipway)],
    [`${situation}: ${side} / slipway, memory of all processes`, memoryOfAll(measured) / memoryOfAll(slipway)],
  ]);
}

function startFigures({ previews, bare }: Comparison): [string, number][] {
  const { slipway } = previews.config;
  return [
    ["preview / bare program, time", elapsed(slipway) / elapsed(bare)],
    ["preview / bare program, program's processor time", programTime(slipway) / programTime(bare)],
    ["preview / bare program, program's memory", programMemory(slipway) / programMemory(bare)],
  ];
}

function growthFigures(growth: Results["growth"]): [string, number][] {
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
      `50 services / line through 1 and 10: ${name}`,
      againstLine((size) => cost(growth[size])),
    ]),
    ...times.map(([name, cost]): [string, number] => [
      `one resource among 50 services / among 10: ${name}`,
      perResource(cost, 50) / perResource(cost, 10),
    ]),
    ...[...times, ...costs].map(([name, cost]): [string, number] => [
      `50 services / 1 service: ${name}`,
      cost(growth[50]) / cost(growth[1]),
    ]),
  ];
}
