/** Random sequences of what operators, pipelines, alarms and accidents do to a service, any of them in the midst of another. */
import { fc } from "../harness/campaign.ts";
import type { Core } from "./core.ts";
import { opposite, type Side, sharing, sides } from "./ecs.ts";
import { digestOf, law, World } from "./world.ts";
import { advance, type Exit, plainUp, rollBack, tell, up, type Writer } from "./writers.ts";

/** Digests that sequences deploy, beside the first. */
const digests = 5;

const share = fc.constantFrom(0, 5, 20, 50, 100);
const calmActs = [
  { weight: 3, arbitrary: fc.record({ do: fc.constant("up" as const), digest: fc.integer({ min: 1, max: digests }), share }) },
  { weight: 3, arbitrary: fc.record({ do: fc.constant("advance" as const), share }) },
  { weight: 4, arbitrary: fc.record({ do: fc.constant("next" as const) }) },
  { weight: 1, arbitrary: fc.record({ do: fc.constant("promote" as const), share }) },
  { weight: 1, arbitrary: fc.record({ do: fc.constant("rollBack" as const), blind: fc.boolean() }) },
  { weight: 2, arbitrary: fc.record({ do: fc.constantFrom("failed" as const, "acknowledged" as const, "labelsSwapped" as const) }) },
] as const;
const calmAct = fc.oneof(...calmActs);
const act = fc.oneof(...calmActs, { weight: 1, arbitrary: fc.record({ do: fc.constant("plainUp" as const), share }) });
const image = fc.constantFrom("good" as const, "bad" as const, "missing" as const);
const breakage = fc.oneof(
  fc.record({ do: fc.constant("image" as const), digest: fc.integer({ min: 1, max: digests }), is: image }),
  fc.record({ do: fc.constant("kill" as const), side: fc.constantFrom(...sides), count: fc.integer({ min: 1, max: 4 }) }),
);
const accident = fc.oneof(
  breakage,
  fc.record({ do: fc.constant("console" as const), share }),
  fc.record({ do: fc.constant("table" as const), down: fc.boolean() }),
);
const time = fc.record({ do: fc.constant("tick" as const), minutes: fc.constantFrom(1, 5, 10, 20, 30, 60) });
/** A writer begins and goes so many places far; the rest of it comes later, or never. */
const begun = fc.record({ do: fc.constant("begin" as const), act, places: fc.integer({ min: 0, max: 8 }) });
const later = fc.record({
  do: fc.constantFrom("goOn" as const, "crash" as const),
  which: fc.nat(3),
  places: fc.integer({ min: 1, max: 8 }),
});

/** A sequence with whatever may come between. */
export const sequence = fc.record({
  recorded: fc.boolean(),
  calm: fc.constant(false),
  commands: fc.array(
    fc.oneof(
      { weight: 6, arbitrary: fc.record({ do: fc.constant("whole" as const), act }) },
      { weight: 3, arbitrary: begun },
      { weight: 3, arbitrary: later },
      { weight: 2, arbitrary: accident },
      { weight: 5, arbitrary: time },
    ),
    { minLength: 5, maxLength: 60, size: "max" },
  ),
});
/** A sequence in which nobody is interrupted, and only images and tasks break. */
export const calmSequence = fc.record({
  recorded: fc.constant(true),
  calm: fc.constant(true),
  commands: fc.array(
    fc.oneof(
      { weight: 6, arbitrary: fc.record({ do: fc.constant("whole" as const), act: calmAct }) },
      { weight: 1, arbitrary: breakage },
      { weight: 5, arbitrary: time },
    ),
    { minLength: 5, maxLength: 60, size: "max" },
  ),
});
type Sequence = typeof sequence | typeof calmSequence extends fc.Arbitrary<infer One> ? One : never;
type Act = typeof act extends fc.Arbitrary<infer One> ? One : never;

/**
 * Plays a sequence.
 * @returns exits of the writers that came to an end, by what they did
 * @throws Broken when something does not hold that must
 */
export function play(core: Core, { recorded, calm, commands }: Sequence): Record<string, number> {
  const world = new World(core, recorded, calm);
  for (let digest = 1; digest <= digests; digest += 1) world.ecs.registry.set(digestOf(digest), "good");
  const open: { readonly name: string; readonly writer: Writer }[] = [];
  const exits: Record<string, number> = {};
  const run = (name: string, writer: Writer, places: number): boolean => {
    for (let place = 0; place < places; place += 1) {
      const { done, value } = writer.next();
      if (done !== true) continue;
      const exit: Exit = value ?? "failed";
      const key = `${name} ${exit}`;
      exits[key] = (exits[key] ?? 0) + 1;
      return true;
    }
    return false;
  };
  for (const [index, command] of commands.entries())
    switch (command.do) {
      case "whole":
        run(command.act.do, writerOf(world, `${command.act.do} ${index}`, command.act), Number.POSITIVE_INFINITY);
        break;
      case "begin": {
        const one = { name: command.act.do, writer: writerOf(world, `${command.act.do} ${index}`, command.act) };
        if (!run(one.name, one.writer, command.places)) open.push(one);
        break;
      }
      case "goOn":
      case "crash": {
        const [one] = open.splice(command.which, 1);
        if (one !== undefined && command.do === "goOn" && !run(one.name, one.writer, command.places)) open.push(one);
        break;
      }
      case "tick":
        world.ecs.tick(command.minutes);
        break;
      case "image":
        world.ecs.registry.set(digestOf(command.digest), command.is);
        break;
      case "kill":
        world.ecs.kill(command.side, command.count);
        break;
      case "console":
        world.ecs.setWeights("console", sharing(opposite(world.live), command.share));
        break;
      case "table":
        world.tableDown = command.down;
    }
  return exits;
}

function writerOf(world: World, writer: string, one: Act): Writer {
  switch (one.do) {
    case "up":
      return up(world, writer, digestOf(freeDigest(world, one.digest)), one.share);
    case "advance":
      return advance(world, writer, one.share);
    case "next":
      return advance(world, writer, nextShare(world));
    case "promote":
      return advance(world, writer, one.share, "it has to be now");
    case "plainUp":
      return plainUp(world, writer, one.share);
    case "rollBack":
      return rollBack(world, writer, one.blind);
    default:
      return tell(world, writer, one.do);
  }
}

/** Another digest than the one that serves in the live colour. */
function freeDigest(world: World, digest: number): number {
  return world.state[world.live]?.digest === digestOf(digest) ? (digest % digests) + 1 : digest;
}

function nextShare(world: World): number {
  const candidate: Side = opposite(world.live);
  return law.steps.find(({ weight }) => weight > world.ecs.weights[candidate])?.weight ?? 100;
}
