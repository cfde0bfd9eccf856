/** How a service is released: which colour serves, what the candidate gets, and how it proceeds. */
import { colours, otherColour, weightsOf } from "../colours.ts";
import { matching, range, settings } from "../contract/fields.ts";
import { type BrokenRule, holds } from "../contract/rule.ts";
import { z } from "../contract/zod.ts";

const digest = "sha256:1f3a9c0e5b7d2468ace013579bdf02468ace13579bdf02468ace13579bdf0246";

/** Digest of an image, as registries say it. */
export const imageDigest = matching(
  /^sha256:[0-9a-f]{64}$/,
  "image digest",
  "digest of the image in the service's repository, sha256: and 64 hexadecimal digits, as `docker buildx imagetools inspect <image>` prints it",
);

/** Share of a service's traffic, percent. */
export const trafficShare = (description: string) => range(0, 100, description);

/** Number of tasks of one colour. */
export const taskCount = (description: string) => range(1, 1000, description);

/** One colour of a service. */
export const colourRelease = z
  .strictObject({
    image: imageDigest.optional().meta({ examples: [digest] }),
    capacity: z.enum(["full", "zero"]).default("full").describe("full: scales within the service's bounds; zero: no tasks"),
    minimumTasks: taskCount("tasks that this colour never goes below while its capacity is full, as a reserve during a rollout")
      .optional()
      .meta({ examples: [4] }),
  })
  .prefault({});

const fields = {
  live: z
    .enum(colours)
    .describe("colour that takes the traffic that the candidate does not")
    .meta({ examples: ["blue"], choose: true }),
  candidateWeight: trafficShare("percent of traffic for the other colour").default(0),
  blue: colourRelease.describe("release in the blue colour"),
  green: colourRelease.describe("release in the green colour"),
  stickinessSeconds: range(1, 604_800, "seconds that a client stays with the colour it met; at most the smallest bake of the rollout")
    .optional()
    .meta({ examples: [300] }),
};

export const release = z
  .strictObject(fields)
  .superRefine(holds(trafficIsServed))
  .describe("what runs in each colour and how traffic is split");

/** A colour with traffic runs something. */
function trafficIsServed(given: z.output<z.ZodObject<typeof fields>>): BrokenRule[] {
  const weights = weightsOf(given.live, given.candidateWeight);
  return colours.flatMap((colour): BrokenRule[] => {
    const { image, capacity } = given[colour];
    if (weights[colour] === 0) return [];
    const share = `${colour} has ${weights[colour]} % of the traffic`;
    const imageless: BrokenRule = {
      path: [colour, "image"],
      found: `is missing, and ${share}`,
      allowed: "a digest, sha256: and 64 hexadecimal digits",
      ...(colour === otherColour(given.live) ? { fix: { path: ["candidateWeight"], value: 0 } } : {}),
    };
    const empty: BrokenRule = {
      path: [colour, "capacity"],
      found: `is "zero", and ${share}`,
      allowed: "full, for a colour that has traffic",
      fix: { path: [colour, "capacity"], value: "full" },
    };
    return [...(image === undefined ? [imageless] : []), ...(capacity === "zero" ? [empty] : [])];
  });
}

export const rollout = settings("how a candidate becomes live", {
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
});
