/** How the record changes: shares and verdicts. */
import type { DigestEntry } from "../../../components/release/recordContract.ts";
import type { Told } from "../world.ts";
import { after, b, type Example, entry, iso, moment, moved, outcome, record, rows, shares } from "./given.ts";

export const recordExamples: readonly Example[] = [
  rows("shares are written down with when and why; what goes again by steps has to prove itself again", (core) => {
    const given = after(core, record({ intent: { weights: { blue: 95, green: 5 }, basis: "step", by: "bo", since: iso(0) } }), moved(5));
    const found = (share: number, minutes: number): Told => ({
      kind: "found",
      shares: { blue: { share: 100 - share, since: iso(minutes) }, green: { share, since: iso(minutes) } },
    });
    const proven = record({
      digests: [entry({ share: 95, state: "finished" }), entry({ digest: b, colour: "green", share: 5, state: "finished" })],
    });
    const stateOf = (told: Told, one = proven) => after(core, one, told).digests.map(({ state }) => state);
    return [
      [
        shares(given),
        [
          [95, iso(1), "finished"],
          [5, iso(1), "running"],
        ],
      ],
      [
        [given.intent, given.digests[1]?.by, given.digests[1]?.basis],
        [undefined, "bo", "step"],
      ],
      [core.weightsIn(given), { blue: 95, green: 5 }],
      [outcome(core, given, moved(5), 9), "unchanged"],
      [shares(after(core, given, found(5, -3)))[1], [5, iso(-3), "running"]],
      [outcome(core, given, found(5, 1)), "unchanged"],
      [stateOf(moved(50)), ["finished", "running"]],
      [stateOf(moved(50, "word")), ["finished", "running"]],
      [stateOf(moved(50, "wayBack")), ["finished", "finished"]],
      [stateOf(moved(0, "less")), ["finished", "finished"]],
      [stateOf(found(50, 1)), ["finished", "running"]],
      [stateOf(found(0, 1)), ["finished", "finished"]],
      [stateOf(found(0, 1), { ...proven, live: "green", wayBack: "green" }), ["running", "finished"]],
      [stateOf(found(5, 1)), ["finished", "finished"]],
      [stateOf(found(0, 1), { ...proven, live: "green" }), ["running", "finished"]],
      [
        core.newRecord({ service: "api", region: "us-east-1", live: "green" }),
        { format: 1, version: 0, service: "api", region: "us-east-1", live: "green", wayBack: "green", runs: {}, digests: [] },
      ],
      [core.weightsIn(core.newRecord({ service: "api", region: "us-east-1", live: "green" })), { blue: 0, green: 0 }],
    ];
  }),
  rows("a verdict stays until a person's word, also where the digest is deployed again or nobody knew it", (core) => {
    const of = (kind: "failed" | "finished", state: DigestEntry["state"]) => {
      const one = record({ digests: [entry({ digest: b, colour: "green", state })] });
      const made = core.changed(one, { kind, colour: "green", digest: b, read: 7, by: "bo" }, moment(1));
      return made.outcome === "changed" ? made.record.digests[0]?.state : made.outcome;
    };
    const back = after(core, record({ digests: [entry({ share: 95 }), entry({ digest: b, colour: "green", share: 5 })] }), {
      ...{ kind: "rolledBack", colour: "green", digest: b, weights: { blue: 100, green: 0 } },
    });
    const again: Told = {
      kind: "deployed",
      colour: "blue",
      digest: b,
      tasks: { wanted: 4, running: 4 },
      revision: { wanted: "s", running: "s" },
    };
    const word: Told = { kind: "acknowledged", digest: b, reason: "the cache was cold" };
    const opened = after(core, after(core, back, again), word, 5);
    const unknown = after(core, record({ digests: [] }), { kind: "failed", colour: "green", digest: b });
    return [
      [of("failed", "running"), "failed"],
      [of("failed", "finished"), "failed"],
      [of("failed", "rolledBack"), "unchanged"],
      [of("finished", "running"), "finished"],
      [of("finished", "failed"), "unchanged"],
      [of("finished", "rolledBack"), "unchanged"],
      [
        shares(back),
        [
          [100, iso(1), "running"],
          [0, iso(1), "rolledBack"],
        ],
      ],
      [back.digests[1]?.basis, "less"],
      [outcome(core, back, { kind: "rolledBack", colour: "green", digest: b, weights: { blue: 100, green: 0 } }, 9), "unchanged"],
      [
        after(core, back, again)
          .digests.map(({ digest, state }) => [digest, state])
          .at(-1),
        [b, "rolledBack"],
      ],
      [
        opened.digests.filter(({ digest }) => digest === b).map(({ state, since, word: said }) => [state, since, said?.by]),
        [
          ["running", iso(5), "bo"],
          ["running", iso(5), "bo"],
        ],
      ],
      [outcome(core, opened, word, 6), "unchanged"],
      [
        unknown.digests.map(({ digest, colour, share, state, tasks }) => [digest, colour, share, state, tasks.wanted, tasks.running]),
        [[b, "green", 0, "failed", 0, 0]],
      ],
      [core.isBarred({ state: "failed" }) && core.isBarred({ state: "rolledBack" }), true],
      [core.isBarred({ state: "running" }) || core.isBarred({ state: "finished" }), false],
    ];
  }),
];
