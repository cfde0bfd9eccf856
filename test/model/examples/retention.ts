/** What stays, and until when. */
import type { Standing } from "../../../components/release/standing.ts";
import { digestOf } from "../world.ts";
import { a, b, blue, c, type Example, entry, green, iso, moment, noon, record, rows } from "./given.ts";

export const retentionExamples: readonly Example[] = [
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
];
