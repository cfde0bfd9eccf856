/** How preview and rollback grow with the number of services. */
import { changesOf } from "../ops/engine/changes.ts";
import { UserError } from "../ops/userError.ts";
import type { Say } from "./compare.ts";
import type { Size } from "./extent.ts";
import { engineCommand, type Measured, middleOf, run } from "./measure.ts";
import { slipwayProject } from "./projects.ts";
import { type Scratch, setStack } from "./scratch.ts";
import { withServices } from "./services.ts";

/** What one size costs. */
export interface Grown {
  readonly resources: number;
  /** Preview of a rollback: one weight changes. */
  readonly preview: Measured;
  /** The rollback itself. */
  readonly update: Measured;
}

export type Growth = Readonly<Record<Size, Grown>>;

const rounds = 3;

/**
 * Creating is not measured. The file backend writes the whole state twice for each resource, which takes minutes at 33
 * services; so the state is written once, at the end.
 */
const writeOnce = { PULUMI_EXPERIMENTAL: "true", PULUMI_SKIP_CHECKPOINTS: "true" };

/** Creates a stack of each size, then rolls the first service's candidate forth and back in all of them in turn. */
export async function grow(scratch: Scratch, sizes: readonly Size[], say: Say): Promise<Growth> {
  const stacks = [];
  for (const size of sizes) {
    say(`create ${size} ${size === 1 ? "service" : "services"}`);
    const project = slipwayProject(scratch.source, scratch.path(`services${size}`));
    const session = await scratch.open(project, withServices(scratch.model, size, 0));
    await run({ ...engineCommand(session, ["up", "--yes", "--skip-preview"]), env: writeOnce });
    stacks.push({ size, project, session, resources: 0, previews: [] as Measured[], updates: [] as Measured[] });
  }
  for (let round = 1; round <= rounds; round++) {
    for (const one of stacks) {
      const { session, project, size } = one;
      say(`round ${round} of ${rounds}: ${size} ${size === 1 ? "service" : "services"}`);
      setStack(project, withServices(scratch.model, size, round % 2 === 1 ? 100 : 0));
      const verify = (result: Parameters<typeof changesOf>[0]) => {
        const { changes, total } = changesOf(result);
        if (changes.length !== 1) throw new UserError(`A rollback among ${size} services would change ${changes.length} resources, not 1.`);
        one.resources = total;
      };
      one.previews.push(await run({ ...engineCommand(session, ["preview", "--json"]), verify }));
      one.updates.push(await run(engineCommand(session, ["up", "--yes", "--skip-preview"])));
    }
  }
  const grown = stacks.map(({ size, resources, previews, updates }) => [
    size,
    { resources, preview: middleOf(previews), update: middleOf(updates) },
  ]);
  return Object.fromEntries(grown) as Growth;
}

/**
 * The cost of 33 services against a straight line through 1 and 10: 1 is linear, more grows faster.
 * A cost that 10 services do not raise has no slope to go by, and counts as constant.
 */
export function againstLine(cost: (size: Size) => number): number {
  const slope = Math.max(0, (cost(10) - cost(1)) / (10 - 1));
  return cost(33) / (cost(1) + slope * (33 - 1));
}
