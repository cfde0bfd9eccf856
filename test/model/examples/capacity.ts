/** How many targets a share needs, and what counts as deployed. */
import { equal } from "node:assert/strict";
import { type Example, rows } from "./given.ts";

export const capacityExamples: readonly Example[] = [
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
  rows(
    "all traffic needs as many as serve most of it, for as much as they serve; who is at its minimum says nothing of that",
    ({ needsOf }) => {
      const all = (blue: number, healthy: object, minimum = 2, maximum?: number) =>
        needsOf({ blue, green: 100 - blue }, healthy, { minimum, maximum }).liveRunning;
      const whole = (one: number, other: number, healthy: object) =>
        needsOf({ blue: (100 * one) / (one + other), green: (100 * other) / (one + other) }, healthy, { minimum: 0, maximum: 99 })
          .liveRunning;
      const none = needsOf({ blue: 0, green: 0 }, { blue: 3 }, { minimum: 2, maximum: 400 });
      return [
        [all(100, { blue: 12, green: 2 }, 2, 20), 12],
        [all(90, { blue: 12 }, 2, 20), 14],
        [all(50, { blue: 6, green: 9 }, 2, 20), 12],
        [all(49, { blue: 9, green: 6 }, 2, 20), 12],
        [all(50, { blue: 6 }, 2, 10), 10],
        [all(100, { blue: 12 }, 2, 10), 12],
        [all(50, { blue: 6 }), 6],
        [all(50, { blue: 2 }, 2, 20), 2],
        [all(50, { blue: 3 }, 2, 20), 6],
        [all(100, { green: 3 }, 2, 20), 3],
        [all(100, {}, 2, 20), 0],
        [whole(2, 1, { blue: 4 }), 6],
        [whole(1, 2, { green: 6 }), 9],
        [none.liveRunning, 300],
        [none.headroom, 100],
        [none.minimum, 1],
      ];
    },
  ),
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
];
