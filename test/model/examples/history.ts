/** How the record changes: deployments, intents, the way back, and what is forgotten. */
import type { DigestEntry, ReleaseRecord } from "../../../components/release/recordContract.ts";
import { digestOf, type Told } from "../world.ts";
import { a, after, b, c, type Example, entry, iso, moment, moved, outcome, record, rows } from "./given.ts";

export const historyExamples: readonly Example[] = [
  rows("a colour runs a digest once its revision does; one put in place of what serves takes the share, unproven", (core) => {
    const deployed = (digest: string, running: number, revision: string): Told => ({
      ...{ kind: "deployed", colour: "green", digest, tasks: { wanted: 4, running }, revision: { wanted: "new", running: revision } },
    });
    const serving = record({ digests: [entry({ share: 50 }), entry({ digest: b, colour: "green", share: 50, state: "finished" })] });
    const known = record({
      ...serving,
      digests: [...serving.digests, entry({ digest: c, colour: "green", state: "finished", since: iso(-9) })],
    });
    const failing = record({ ...serving, digests: [...serving.digests, entry({ digest: c, colour: "green", state: "failed" })] });
    const green3 = (one: ReleaseRecord) =>
      one.digests.filter(({ colour }) => colour === "green").map(({ digest, share, since, state }) => [digest, share, since, state]);
    const idle = after(core, record({}), deployed(c, 4, "new"));
    return [
      [
        [idle.runs.green, idle.digests.length, idle.digests[2]?.basis, idle.digests[2]?.by],
        [c, 3, undefined, "bo"],
      ],
      [
        green3(idle),
        [
          [b, 0, iso(0), "running"],
          [c, 0, iso(1), "running"],
        ],
      ],
      [after(core, record({}), deployed(c, 4, "old")).runs.green, b],
      [after(core, record({}), deployed(c, 0, "new")).runs.green, b],
      [after(core, record({}), deployed(c, 1, "new")).runs.green, c],
      [after(core, record({}), deployed(c, 0, "")).digests[2]?.tasks, { wanted: 4, running: 0 }],
      [after(core, serving, deployed(b, 3, "old")).digests[1]?.revision, { wanted: "new", running: "old" }],
      [green3(after(core, serving, deployed(b, 3, "new"))), [[b, 50, iso(0), "finished"]]],
      [
        green3(after(core, serving, deployed(c, 4, "new"))),
        [
          [b, 0, iso(1), "finished"],
          [c, 50, iso(1), "running"],
        ],
      ],
      [
        green3(after(core, known, deployed(c, 4, "new"))),
        [
          [b, 0, iso(1), "finished"],
          [c, 50, iso(1), "running"],
        ],
      ],
      [green3(after(core, failing, deployed(c, 4, "new")))[1], [c, 50, iso(1), "failed"]],
      [
        after(core, record({ digests: [entry({ digest: b, colour: "green", state: "failed" })] }), deployed(c, 4, "new")).digests[1]?.state,
        "running",
      ],
      [green3(after(core, { ...known, runs: {} }, deployed(c, 4, "new")))[1], [c, 0, iso(-9), "finished"]],
      [outcome(core, idle, deployed(c, 4, "new"), 9), "unchanged"],
    ];
  }),
  rows("an intent is written once; a swap of labels wants all traffic there; a stale writer is told", (core) => {
    const intend: Told = { kind: "intended", weights: { blue: 95, green: 5 }, basis: "word", reason: "now" };
    const begun = after(core, record({}), intend);
    const stale = core.changed(record({}), { kind: "labelsSwapped", live: "blue", read: 6, by: "bo" }, moment(0));
    const late = core.changed(
      record({ live: "green", digests: [] }),
      { kind: "labelsSwapped", live: "blue", read: 7, by: "bo" },
      moment(0),
    );
    const early = core.changed(record({}), { kind: "labelsSwapped", live: "green", read: 7, by: "bo" }, moment(0));
    return [
      [begun.intent, { weights: { blue: 95, green: 5 }, basis: "word", by: "bo", since: iso(1), reason: "now" }],
      [core.weightsIn(begun), { blue: 100, green: 0 }],
      [outcome(core, begun, intend, 9), "unchanged"],
      [after(core, begun, { ...intend, weights: { blue: 100, green: 0 } }).intent?.weights.green, 0],
      [
        Object.keys(after(core, begun, { kind: "intended", weights: { blue: 95, green: 5 }, basis: "step" }).intent ?? {}).includes(
          "reason",
        ),
        false,
      ],
      [stale.outcome === "conflict" && [stale.read, stale.found], [6, 7]],
      [core.changed(record({}), { ...intend, read: 8, by: "bo" }, moment(0)).outcome, "conflict"],
      [early.outcome === "refused" && early.value, "blue"],
      [late.outcome === "refused" && late.value, "green"],
      [core.changed(record({}), { kind: "labelsSwapped", live: "green", read: 6, by: "bo" }, moment(0)).outcome, "conflict"],
      [outcome(core, record({}), { kind: "labelsSwapped", live: "blue" }), "unchanged"],
      [Object.keys(after(core, { ...record({}), later: "kept" } as ReleaseRecord, intend)).includes("later"), true],
    ];
  }),
  rows("the way back stays through a swap until the old colour is closed, replaced, or gets a part of the traffic again", (core) => {
    const full = record({ digests: [entry({ basis: "less" }), entry({ digest: b, colour: "green", share: 100, state: "finished" })] });
    const swapped = after(core, full, { kind: "labelsSwapped", live: "green" });
    const deployed = (colour: "blue" | "green", digest: string, wanted: number): Told => ({
      ...{ kind: "deployed", colour, digest, tasks: { wanted, running: 4 }, revision: { wanted: "s", running: "s" } },
    });
    const open = { ...swapped, digests: swapped.digests.map((one): DigestEntry => ({ ...one, state: "running" })) };
    const gone = after(core, swapped, moved(0, "wayBack"));
    return [
      [
        [swapped.live, swapped.wayBack],
        ["green", "blue"],
      ],
      [after(core, swapped, deployed("blue", a, 3)).wayBack, "blue"],
      [after(core, swapped, deployed("green", b, 3)).wayBack, "blue"],
      [after(core, swapped, deployed("blue", a, 0)).wayBack, "green"],
      [after(core, swapped, deployed("blue", c, 4)).wayBack, "green"],
      [after(core, swapped, moved(95)).wayBack, "green"],
      [after(core, swapped, moved(99)).wayBack, "green"],
      [after(core, swapped, moved(1)).wayBack, "green"],
      [after(core, open, moved(95)).wayBack, "blue"],
      [gone.wayBack, "blue"],
      [after(core, gone, moved(5)).wayBack, "blue"],
      [after(core, record({}), moved(5)).wayBack, "blue"],
    ];
  }),
  rows("twenty digests are kept, more while a colour or a way back needs them; what is barred is forgotten last", (core) => {
    const many = (count: number, over: (index: number) => Partial<DigestEntry>) =>
      Array.from({ length: count }, (_, index) => entry({ digest: digestOf(index + 20), since: iso(-600), ...over(index) }));
    const deployed: Told = {
      kind: "deployed",
      colour: "green",
      digest: c,
      tasks: { wanted: 4, running: 4 },
      revision: { wanted: "s", running: "s" },
    };
    const left = (old: readonly DigestEntry[]) => after(core, record({ digests: [...old, ...record({}).digests] }), deployed, 0).digests;
    const kept = (old: readonly DigestEntry[]) => left(old).map(({ digest }) => digest);
    const plain = kept(many(18, () => ({})));
    const barred = kept(many(25, (index) => ({ state: index < 3 ? "failed" : "running" })));
    return [
      [plain.length, 20],
      [plain.includes(digestOf(20)), false],
      [kept(many(17, () => ({}))).length, 20],
      [barred.length, 20],
      [barred.slice(0, 4), [digestOf(20), digestOf(21), digestOf(22), digestOf(31)]],
      [kept(many(25, () => ({ state: "finished", since: iso(-59) }))).length, 27],
      [kept(many(25, () => ({ state: "failed" }))).length, 20],
      [[a, c].every((digest) => kept(many(40, () => ({ state: "finished", since: iso(-60) }))).includes(digest)), true],
    ];
  }),
];
