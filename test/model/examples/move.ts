/** A move asked as a whole. */
import type { ReleaseRecord } from "../../../components/release/recordContract.ts";
import type { Standing } from "../../../components/release/standing.ts";
import { b, blue, type Example, entry, green, iso, moment, record, rows, steps } from "./given.ts";

export const moveExamples: readonly Example[] = [
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
];
