/** Config areas `services.<name>.release` and `rollout`: which colour serves, what the candidate gets, how it proceeds. */
import { colours } from "../../components/colours.ts";
import { range } from "../../components/contract/fields.ts";
import { z } from "../../components/contract/zod.ts";

export { type Colour, colours, otherColour, type Weights, weightsOf } from "../../components/colours.ts";

const digest = "sha256:1f3a9c0e5b7d2468ace013579bdf02468ace13579bdf02468ace13579bdf0246";

/** One colour of a service. */
const colourRelease = z
  .strictObject({
    image: z
      .string()
      .regex(/^sha256:[0-9a-f]{64}$/, { error: "image digest" })
      .optional()
      .describe("digest of the image in the service's repository, sha256: and 64 hexadecimal digits")
      .meta({ examples: [digest] }),
    capacity: z.enum(["full", "zero"]).default("full").describe("full: scales within the service's bounds; zero: no tasks"),
    minimumTasks: range(1, 1000, "tasks that this colour never goes below while its capacity is full, as a reserve during a rollout")
      .optional()
      .meta({ examples: [4] }),
  })
  .prefault({});

export const release = z
  .strictObject({
    live: z
      .enum(colours)
      .describe("colour that takes the traffic that the candidate does not")
      .meta({ examples: ["blue"], choose: true }),
    candidateWeight: range(0, 100, "percent of traffic for the other colour").default(0),
    blue: colourRelease.describe("release in the blue colour"),
    green: colourRelease.describe("release in the green colour"),
    stickinessSeconds: range(1, 604_800, "seconds that a client stays with the colour it met; at most the smallest bake of the rollout")
      .optional()
      .meta({ examples: [300] }),
  })
  .describe("what runs in each colour and how traffic is split");

export const rollout = z
  .strictObject({
    strategy: z.enum(["canary", "blueGreen", "direct"]).default("canary").describe("in steps, all at once after a check, or in place"),
    steps: z
      .array(
        z.strictObject({
          weight: range(1, 100, "percent of traffic for the candidate in this step").meta({ examples: [25] }),
          bakeMinutes: range(1, 43_200, "minutes that the step is watched before the next").meta({ examples: [1440] }),
        }),
      )
      .min(1)
      .max(20)
      .default([
        { weight: 5, bakeMinutes: 1440 },
        { weight: 25, bakeMinutes: 1440 },
        { weight: 50, bakeMinutes: 1440 },
        { weight: 100, bakeMinutes: 1440 },
      ])
      .refine((steps) => steps.every((step, index) => index === 0 || step.weight > (steps[index - 1]?.weight ?? 0)), { error: "rising" })
      .refine((steps) => steps.at(-1)?.weight === 100, { error: "complete" })
      .describe("weights in rising order, the last one 100")
      .meta({
        examples: [
          [
            { weight: 5, bakeMinutes: 60 },
            { weight: 100, bakeMinutes: 60 },
          ],
        ],
      }),
    retainOldMinutes: range(0, 43_200, "minutes that the old colour keeps capacity for all traffic after 100 percent").default(60),
  })
  .prefault({})
  .describe("how a candidate becomes live");
