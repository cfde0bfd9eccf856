/** Which share a digest may have. */
import { throws } from "node:assert/strict";
import type { Standing } from "../../../components/release/standing.ts";
import { blue, type Example, green, iso, moment, rows, steps } from "./given.ts";

export const shareExamples: readonly Example[] = [
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
];
