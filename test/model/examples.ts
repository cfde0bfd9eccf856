/** What each question answers at its edges, as one list: the test runs it, and so does the search for mutants that nobody notices. */
import { deepEqual, equal, throws } from "node:assert/strict";
import type { DigestEntry, ReleaseRecord } from "../../components/release/recordContract.ts";
import type { Standing } from "../../components/release/standing.ts";
import type { Core } from "./core.ts";
import { digestOf, type Told } from "./world.ts";

interface Example {
  readonly title: string;
  readonly check: (core: Core) => void;
}

const noon = Date.parse("2026-11-30T12:00:00Z");
/** So many minutes after noon. */
const at = (minutes: number) => new Date(noon + minutes * 60_000);
const iso = (minutes: number) => at(minutes).toISOString();
const moment = (minutes: number, retainOldMinutes = 60) => ({ now: at(minutes), retainOldMinutes });
const [a, b, c] = [digestOf(0xa), digestOf(0xb), digestOf(0xc)];
const steps = [
  { weight: 5, bakeMinutes: 10 },
  { weight: 50, bakeMinutes: 20 },
  { weight: 100, bakeMinutes: 30 },
];

const blue: Standing = {
  ...{ colour: "blue", digest: a, share: 100, since: iso(-600), answer: "record", reason: "", state: "finished" },
  ...{ served: true, wayBack: true, live: true },
};
const green: Standing = {
  ...blue,
  colour: "green",
  digest: b,
  share: 0,
  since: iso(0),
  state: "running",
  served: false,
  wayBack: false,
  live: false,
};

const entry = (over: Partial<DigestEntry>): DigestEntry => ({
  ...{ digest: a, colour: "blue", share: 0, since: iso(0), by: "ana", state: "running" },
  ...{ tasks: { wanted: 4, running: 4 }, revision: { wanted: "r", running: "r" }, ...over },
});
const record = (over: Partial<ReleaseRecord>): ReleaseRecord => ({
  ...{ format: 1, version: 7, service: "api", region: "us-east-1", live: "blue", wayBack: "blue", runs: { blue: a, green: b } },
  digests: [entry({ share: 100, state: "finished", basis: "step", since: iso(-600) }), entry({ digest: b, colour: "green" })],
  ...over,
});
function after(core: Core, before: ReleaseRecord, told: Told, minutes = 1): ReleaseRecord {
  const made = core.changed(before, { ...told, read: before.version, by: "bo" }, moment(minutes));
  if (made.outcome !== "changed") throw new Error(`${made.outcome} where a change was wanted`);
  equal(made.record.version, before.version + 1);
  return made.record;
}
const outcome = (core: Core, before: ReleaseRecord, told: Told, minutes = 1) =>
  core.changed(before, { ...told, read: before.version, by: "bo" }, moment(minutes)).outcome;
const shares = (one: ReleaseRecord) => one.digests.map(({ share, since, state }) => [share, since, state]);
const moved = (share: number, basis: "step" | "less" | "wayBack" | "word" = "step"): Told => ({
  ...{ kind: "shareChanged", weights: { blue: 100 - share, green: share }, basis },
});

/** The rows of a table: what was asked, and the answer. */
const rows = (title: string, of: (core: Core) => readonly (readonly [unknown, unknown])[]): Example => ({
  title,
  check: (core) => {
    for (const [index, [found, wanted]] of of(core).entries()) deepEqual(found, wanted, `row ${index + 1}`);
  },
});

export const examples: readonly Example[] = [
  rows("a share needs its part of the tasks with headroom, and never less than the minimum", ({ neededTargets }) => [
    [neededTargets(0, 12, 120, 2), 0],
    [neededTargets(5, 12, 120, 2), 2],
    [neededTargets(1, 0, 100, 0), 1],
    [neededTargets(50, 12, 100, 2), 6],
    [neededTargets(50, 12, 120, 2), 8],
    [neededTargets(55, 100, 100, 2), 55],
    [neededTargets(100, 12, 100, 2), 12],
    [neededTargets(100, 10_001, 100, 2), 10_001],
  ]),
  rows("forward, what could not be read is none; back, it holds nothing", ({ forwardCapacity, backCapacity }) => {
    const needs = { liveRunning: 4, headroom: 100, minimum: 2 };
    const forward = (share: number, healthy?: object) => {
      const { answer, healthy: there, value } = forwardCapacity("green", share, healthy, needs);
      return [answer, there, value];
    };
    const back = (healthy?: object) => {
      const { answer, value } = backCapacity("blue", 100, healthy, needs);
      return [answer, value];
    };
    return [
      [forward(100, { green: 4 }), ["enough", 4, 4]],
      [forward(100, { green: 3 }), ["tooFew", 3, 4]],
      [forward(100, { blue: 9 }), ["tooFew", 0, 4]],
      [forward(5), ["tooFew", 0, 2]],
      [forward(0), ["enough", 0, 0]],
      [back(), ["go", 4]],
      [back({ green: 3 }), ["go", 4]],
      [back({ blue: 4, green: 4 }), ["go", 4]],
      [back({ blue: 3, green: 4 }), ["goShort", 4]],
      [back({ blue: 0, green: 1 }), ["stranded", "green"]],
      [back({ blue: 0, green: 0 }), ["goShort", 4]],
      [back({ blue: 0 }), ["goShort", 4]],
      [backCapacity("blue", 100, { blue: 3 }, needs).answer === "goShort" && "healthy", "healthy"],
    ];
  }),
  rows("deployed is what runs: the wanted revision, with the wanted tasks", ({ deploymentAnswer }) => {
    const of = (revision: string, tasks: number, state: "completed" | "inProgress" | "failed", wanted = 4) => {
      const { answer, value } = deploymentAnswer({ wanted: { revision: "new", tasks: wanted }, running: { revision, tasks }, state });
      equal(value, "new");
      return answer;
    };
    const why = (revision: string, tasks: number) =>
      deploymentAnswer({ wanted: { revision: "new", tasks: 4 }, running: { revision, tasks }, state: "completed" }).reason;
    return [
      [of("new", 4, "completed"), "asWanted"],
      [of("new", 5, "completed"), "asWanted"],
      [of("new", 4, "inProgress"), "asWanted"],
      [of("new", 3, "completed"), "repeat"],
      [of("new", 3, "inProgress"), "wait"],
      [of("old", 4, "completed"), "repeat"],
      [of("old", 4, "inProgress"), "wait"],
      [of("new", 4, "failed"), "repeat"],
      [of("", 0, "failed"), "repeat"],
      [of("", 0, "completed", 0), "asWanted"],
      [of("old", 1, "completed", 1), "repeat"],
      [why("", 0), "nothing runs, and new is wanted"],
      [why("old", 4), "old runs, and new is wanted"],
      [why("new", 3), "3 of 4 tasks of new run"],
    ];
  }),
  rows("a digest goes by steps, each after the bake of the one before, to the minute", ({ mayHaveShare, stepsOf, lastBakeMinutes }) => {
    const of = (share: number, riser: Partial<Standing>, minutes: number, word?: string, other: Partial<Standing> = {}) => {
      const asked = { riser: { ...green, ...riser }, other: { ...blue, ...other }, steps, word };
      const { reason: _words, ...found } = mayHaveShare(share, asked, moment(minutes));
      return found;
    };
    const yes = (basis: string, value: number) => ({ answer: "yes", basis, value });
    const no = (value: number, from?: string) => ({ answer: "no", value, ...(from === undefined ? {} : { from }) });
    const has = (share: number): Partial<Standing> => ({ share, since: iso(0) });
    const why = (riser: Partial<Standing>) => mayHaveShare(5, { riser: { ...green, ...riser }, other: blue, steps }, moment(0)).reason;
    return [
      [of(5, {}, 0), yes("step", 5)],
      [of(4, {}, 0), no(5)],
      [of(50, {}, 0), no(5)],
      [of(5, has(5), 0), yes("less", 5)],
      [of(4, has(5), 0), yes("less", 4)],
      [of(50, has(5), 9), no(5, iso(10))],
      [of(50, has(5), 10), yes("step", 50)],
      [of(100, has(5), 9), no(5)],
      [of(100, has(5), 10), no(50)],
      [of(100, has(50), 19), no(50, iso(20))],
      [of(100, has(50), 20), yes("step", 100)],
      [of(50, has(20), 9), no(20, iso(10))],
      [of(50, has(20), 10), yes("step", 50)],
      [of(5, has(3), 0), yes("step", 5)],
      [of(50, { share: 5, since: "soon" }, 99), no(5)],
      [of(50, { share: 5, since: iso(30) }, 10), no(5, iso(40))],
      [of(100, { state: "finished" }, 0), yes("wayBack", 100)],
      [of(100, { state: "finished" }, 0, "now"), yes("wayBack", 100)],
      [of(5, { state: "failed" }, 99), no(0)],
      [of(5, { state: "rolledBack" }, 99), no(0)],
      [of(0, { state: "rolledBack", share: 5 }, 99), yes("less", 0)],
      [of(100, { state: "failed" }, 0, "now"), yes("word", 100)],
      [of(100, {}, 0, "now"), yes("word", 100)],
      [of(5, { answer: "unread" }, 0, "now"), no(0)],
      [of(50, { ...has(5), answer: "unread" }, 99), no(5)],
      // The way back: less for what is not proven, whatever the steps say.
      [of(100, { ...has(20), wayBack: true }, 0, undefined, { state: "running" }), yes("less", 100)],
      [of(100, { ...has(20), wayBack: true, answer: "unread" }, 0, undefined, { state: "rolledBack" }), yes("less", 100)],
      [of(100, { ...has(20), wayBack: true }, 0), no(20)],
      [of(100, { ...has(20), wayBack: true, live: true }, 0), yes("less", 100)],
      [of(100, { ...has(20), live: true }, 0, undefined, { state: "running" }), no(20)],
      [of(100, { ...has(20), wayBack: true, state: "failed" }, 0, undefined, { state: "running" }), no(0)],
      [of(100, { ...has(20), wayBack: true, live: true, state: "failed" }, 0), yes("less", 100)],
      [of(5, { answer: "unread", state: "finished" }, 0), no(0)],
      [of(5, { share: 3, since: iso(30) }, 29.5), no(3, iso(30))],
      [of(5, { share: 0, since: iso(30) }, 0), yes("step", 5)],
      [of(5, { share: 1, since: iso(30) }, 0), no(1, iso(30))],
      [why({ state: "failed" }).includes("green failed"), true],
      [why({ state: "rolledBack" }).includes("green was rolled back"), true],
      [why({ share: 5, wayBack: true, live: true }), "green has 5 % already"],
      [stepsOf({ strategy: "direct", steps }), [{ weight: 100, bakeMinutes: 0 }]],
      [stepsOf({ strategy: "canary", steps }), steps],
      [lastBakeMinutes(steps), 30],
    ];
  }),
  {
    title: "steps that do not end at 100 % are no rollout",
    check: ({ mayHaveShare, lastBakeMinutes }) => {
      throws(() => lastBakeMinutes([]), /at least one step/);
      throws(
        () => mayHaveShare(60, { riser: { ...green, share: 50 }, other: blue, steps: [{ weight: 5, bakeMinutes: 0 }] }, moment(0)),
        /ends at 100/,
      );
    },
  },
  rows("of record and outputs the newer counts, what is live decides, and what neither knows has not baked", ({ standingOf }) => {
    const known = record({
      digests: [
        entry({ share: 75, since: iso(-60), basis: "less", state: "finished" }),
        entry({ digest: b, colour: "green", share: 25, since: iso(-60), basis: "step" }),
      ],
    });
    const of = (
      share: number | undefined,
      outputs?: readonly [number, number, number],
      over: Partial<ReleaseRecord> | "unreadable" | "none" = {},
      digest = b,
    ) => {
      const {
        answer,
        share: has,
        since,
        digest: runs,
        state,
      } = standingOf(
        "green",
        {
          record: over === "unreadable" ? over : over === "none" ? undefined : { ...known, ...over },
          outputs: outputs && { startedFrom: outputs[0], colours: { green: { digest: b, share: outputs[1], since: iso(outputs[2]) } } },
          live: share === undefined ? undefined : { blue: { digest: a, share: 100 - share }, green: { digest, share } },
        },
        "blue",
        30,
        moment(0),
      );
      return [answer, has, since, runs, state];
    };
    return [
      [of(25), ["record", 25, iso(-60), b, "running"]],
      [of(50), ["neither", 50, iso(0), b, "running"]],
      [of(25, [7, 25, -60]), ["outputs", 25, iso(-60), b, "running"]],
      [of(50, [7, 50, -90]), ["outputs", 50, iso(-90), b, "running"]],
      [of(25, [7, 50, -90]), ["record", 25, iso(0), b, "running"]],
      [of(50, [6, 50, -30]), ["outputs", 50, iso(-30), b, "running"]],
      [of(25, [6, 50, -90]), ["record", 25, iso(-60), b, "running"]],
      [of(50, [6, 50, -90]), ["outputs", 50, iso(0), b, "running"]],
      [of(50, [6, 50, -60]), ["outputs", 50, iso(0), b, "running"]],
      [of(10, [6, 50, -90]), ["neither", 10, iso(0), b, "running"]],
      [of(50, [3, 50, -20], "none"), ["outputs", 50, iso(-20), b, "running"]],
      [of(50, undefined, "none"), ["neither", 50, iso(0), b, "running"]],
      [of(100, [3, 100, -30], "none"), ["outputs", 100, iso(-30), b, "finished"]],
      [of(100, [3, 100, -29], "none"), ["outputs", 100, iso(-29), b, "running"]],
      [of(50, [3, 50, -90], "none"), ["outputs", 50, iso(-90), b, "running"]],
      [of(25, undefined, {}, c), ["neither", 25, iso(0), c, "running"]],
      [of(25, undefined, {}, ""), ["record", 25, iso(-60), b, "running"]],
      [of(30, undefined, {}, ""), ["neither", 30, iso(0), b, "running"]],
      [of(30, undefined, "none", ""), ["neither", 30, iso(0), "", "running"]],
      [of(undefined), ["unread", 25, iso(-60), b, "running"]],
      [of(undefined, [8, 50, -10]), ["unread", 50, iso(-10), b, "running"]],
      [of(undefined, undefined, "none"), ["unread", 0, iso(0), "", "running"]],
      [of(25, [7, 25, -60], "unreadable"), ["unread", 25, iso(0), b, "running"]],
      [of(undefined, [7, 50, -60], "unreadable"), ["unread", 50, iso(-60), b, "running"]],
      [
        of(100, undefined, { digests: [entry({ digest: b, colour: "green", share: 100, since: iso(-30) })] }),
        ["record", 100, iso(-30), b, "finished"],
      ],
      [
        of(100, undefined, { digests: [entry({ digest: b, colour: "green", share: 100, since: iso(-29) })] }),
        ["record", 100, iso(-29), b, "running"],
      ],
      [of(100, undefined, { digests: [entry({ digest: b, colour: "green", share: 100, since: iso(-90), state: "failed" })] })[4], "failed"],
      [of(0, undefined, { digests: [entry({ digest: b, colour: "green", since: iso(-59), state: "finished" })] })[4], "finished"],
      [of(0, undefined, { digests: [entry({ digest: b, colour: "green", since: iso(-60), state: "finished" })] })[4], "running"],
      [of(100, undefined, { digests: [entry({ digest: b, colour: "green", share: 100, since: iso(-29.9995) })] })[4], "running"],
      [of(0, undefined, { digests: [entry({ digest: b, colour: "green", since: iso(-59.9995), state: "finished" })] })[4], "finished"],
      [
        of(1, undefined, { digests: [entry({ digest: b, colour: "green", share: 1, since: iso(-600), state: "finished" })] })[4],
        "finished",
      ],
      [of(99, undefined, { digests: [entry({ digest: b, colour: "green", share: 99, since: iso(-600) })] })[4], "running"],
    ];
  }),
  rows("the way back is the live colour, or after a swap the one before while it runs what it ran", ({ standingOf }) => {
    const of = (colour: "blue" | "green", one: ReleaseRecord | undefined, digest = a, share = 0) => {
      const live = { blue: { digest, share }, green: { digest: b, share: 100 - share } };
      const { wayBack, live: label, served } = standingOf(colour, { record: one, outputs: undefined, live }, "green", 30, moment(0));
      return [wayBack, label, served];
    };
    const swapped = record({ live: "green", digests: [entry({ basis: "less" }), entry({ digest: b, colour: "green", share: 100 })] });
    return [
      [of("blue", swapped), [true, false, true]],
      [of("green", swapped), [false, true, true]],
      [of("blue", swapped, c), [false, false, true]],
      [of("green", undefined), [true, true, true]],
      [of("blue", undefined), [false, false, true]],
      [of("blue", { ...swapped, wayBack: "green" }), [false, false, true]],
      [of("blue", { ...swapped, digests: [entry({})] }), [true, false, false]],
      [of("blue", { ...swapped, digests: [entry({})] }, a, 1), [true, false, true]],
    ];
  }),
  rows("a move asks share, deployment and capacity; a way back does not wait", ({ mayMove }) => {
    const asWanted = { wanted: { revision: "r", tasks: 4 }, running: { revision: "r", tasks: 4 }, state: "completed" as const };
    const known = { steps, deployment: asWanted, healthy: { blue: 4, green: 4 }, needs: { liveRunning: 4, headroom: 100, minimum: 2 } };
    const of = (share: number, over: Partial<Parameters<typeof mayMove>[1]> = {}, g: Partial<Standing> = {}, l: Partial<Standing> = {}) => {
      const standings = { blue: { ...blue, share: 100 - (g.share ?? 0), ...l }, green: { ...green, ...g } };
      const found = mayMove({ blue: 100 - share, green: share }, { standings, ...known, ...over }, moment(0));
      return found.answer === "stay"
        ? [found.by, found.value]
        : found.answer === "move"
          ? [found.basis, found.capacity?.answer]
          : [found.answer];
    };
    return [
      [of(0), ["there"]],
      [of(0, {}, { answer: "unread" }), ["less", undefined]],
      [of(0, {}, {}, { answer: "unread" }), ["less", undefined]],
      [of(5), ["step", undefined]],
      [of(50), ["share", 5]],
      [of(5, { deployment: undefined }), ["deployment", b]],
      [of(5, { deployment: { ...asWanted, state: "failed" } }), ["deployment", "r"]],
      [of(5, { deployment: { ...asWanted, running: { revision: "r", tasks: 3 }, state: "inProgress" } }), ["deployment", "r"]],
      [of(5, { healthy: { green: 1 } }), ["capacity", 2]],
      [of(5, { healthy: undefined }), ["capacity", 2]],
      [of(0, { healthy: undefined, deployment: undefined }, { share: 50 }), ["less", "go"]],
      [of(0, { healthy: { blue: 1, green: 4 } }, { share: 50 }), ["less", "goShort"]],
      [of(0, { healthy: { blue: 0, green: 4 } }, { share: 50 }), ["capacity", "green"]],
      [of(50, { word: "now" }), ["word", undefined]],
      [of(50, { word: "now", healthy: { green: 1 } }), ["capacity", 2]],
      [of(100, { healthy: { green: 2 } }, { state: "finished" }), ["capacity", 4]],
      [of(100, { healthy: { green: 2 } }, { state: "finished", wayBack: true }, { live: false, wayBack: false }), ["wayBack", "goShort"]],
      // Beyond the time that a way back is open it is a release like any other.
      [of(5, { healthy: { green: 1 } }, { wayBack: true }), ["capacity", 2]],
      [of(50, { word: "now", healthy: { green: 1 } }, { wayBack: true }), ["capacity", 2]],
      // The first update: both colours get traffic, and both are asked.
      [of(50, {}, { share: 0 }, { share: 0 }), ["share", 5]],
      [of(5, {}, { share: 0 }, { share: 0 }), ["step", undefined]],
      [of(0, {}, { share: 0 }, { share: 0 }), ["less", "go"]],
    ];
  }),
  rows("after a conflict a candidate is given what the other wrote, where that is less", ({ afterConflict }) => {
    const one = record({ digests: [entry({ share: 95 }), entry({ digest: b, colour: "green", share: 5 })] });
    const of = (live: number, over: Partial<ReleaseRecord> = {}) => {
      const found = afterConflict({ ...one, ...over }, { blue: 100 - live, green: live });
      return found.answer === "takeBack" ? found.weights : found.answer;
    };
    const intent = { weights: { blue: 100, green: 0 }, basis: "less" as const, by: "ana", since: iso(0) };
    return [
      [of(6), { blue: 95, green: 5 }],
      [of(5), "leave"],
      [of(4), "leave"],
      [of(5, { intent }), { blue: 100, green: 0 }],
      [of(5, { runs: {} }), "leave"],
      [of(6, { wayBack: "green" }), "leave"],
      [of(4, { wayBack: "green" }), { blue: 95, green: 5 }],
    ];
  }),
  rows("images stay while a colour, a way back or a standby needs them", ({ keptDigests }) => {
    const [d, e] = [digestOf(0xd), digestOf(0xe)];
    const one = record({
      digests: [
        entry({ digest: c, state: "finished", since: iso(-59) }),
        entry({ digest: d, state: "finished", since: iso(-60) }),
        entry({ digest: e, state: "rolledBack", since: iso(-1) }),
        ...record({}).digests,
        entry({ digest: b, colour: "blue", state: "finished", since: iso(-5) }),
      ],
    });
    const of = (standby: string[]) =>
      keptDigests(one, standby, moment(0))
        .map(({ digest, until }) => [digest, until])
        .sort();
    return [
      [
        of([]),
        [
          [a, undefined],
          [b, undefined],
          [c, iso(1)],
        ],
      ],
      [
        of([c, e]),
        [
          [a, undefined],
          [b, undefined],
          [c, undefined],
          [e, undefined],
        ],
      ],
    ];
  }),
  rows(
    "the reserve stays while it serves, while a release is open, until it is drained and as long as the way back is kept",
    ({ reserveAnswer }) => {
      const of = (over: Partial<Standing>, minutes: number, other: Partial<Standing> = {}, drain = 300) => {
        const { reason: _words, ...found } = reserveAnswer(
          { ...blue, share: 0, since: iso(0), ...over },
          { ...green, state: "finished", ...other },
          drain,
          moment(minutes),
        );
        return found;
      };
      const stays = (from?: string) => ({ answer: "stays", ...(from === undefined ? {} : { from }) });
      return [
        [of({}, 60), { answer: "mayGo" }],
        [of({}, 59), stays(iso(60))],
        [of({}, 60, {}, 3601), stays(new Date(noon + 3_601_000).toISOString())],
        [of({}, 99, { state: "running" }), stays()],
        [of({ wayBack: false }, 60, { state: "running" }), { answer: "mayGo" }],
        [of({ share: 1 }, 99), stays()],
        [of({ answer: "unread" }, 99), stays()],
        [of({ served: false }, 0), { answer: "mayGo" }],
        [of({ since: "soon" }, 99), stays()],
        [of({ share: 1, served: false }, 99), stays()],
        [of({ served: false }, 0, { state: "running" }), { answer: "mayGo" }],
        [reserveAnswer({ ...blue, answer: "unread", reason: "no answer" }, green, 0, moment(0)).reason, "no answer"],
      ];
    },
  ),
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
