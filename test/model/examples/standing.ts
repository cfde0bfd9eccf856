/** Who is right about a share. */
import type { ReleaseRecord } from "../../../components/release/recordContract.ts";
import { a, b, c, type Example, entry, iso, moment, record, rows } from "./given.ts";

export const standingExamples: readonly Example[] = [
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
];
