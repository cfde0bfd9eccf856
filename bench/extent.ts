/** How much the bench measures: everything, or the short form that the gate runs. */

/**
 * When a preview runs: on a machine without caches, as in CI; after an edit of the program; after a change of config
 * only, with all caches warm.
 */
export type Situation = "fresh" | "edited" | "config";

/** Whose preview: Slipway's, the default's on our imports, the default's on whole packages. */
export type Side = "slipway" | "default" | "defaultPackage";

/** Numbers of services that growth is measured with; 33 are the most that config takes: three listener rules each, and AWS takes 100. */
export type Size = 1 | 10 | 33;

export interface Extent {
  /** Measurements of each situation, in turn; dear runs are repeated less. Those that are not named are left out. */
  readonly situations: readonly { readonly situation: Situation; readonly rounds: number }[];
  readonly sides: readonly Side[];
  /** Measurements of Slipway's commands beside the engine's. */
  readonly commandRounds: number;
  /** Stacks whose growth is measured, smallest first. */
  readonly sizes: readonly Size[];
  /** Whether a ratio of elapsed times counts; processor time and memory always do. */
  readonly elapsed: boolean;
  /** What a person has to know is not measured. @default nothing */
  readonly leavesOut?: string;
}

export const everything: Extent = {
  situations: [
    { situation: "fresh", rounds: 3 },
    { situation: "edited", rounds: 3 },
    { situation: "config", rounds: 5 },
  ],
  sides: ["slipway", "default", "defaultPackage"],
  commandRounds: 5,
  sizes: [1, 10, 33],
  elapsed: true,
};

export const short: Extent = {
  situations: [
    { situation: "fresh", rounds: 1 },
    { situation: "config", rounds: 3 },
  ],
  sides: ["slipway", "default"],
  commandRounds: 3,
  sizes: [],
  elapsed: false,
  leavesOut:
    "previews after an edit of the program, the default with whole packages, growth with the number of services, and all ratios of elapsed time",
};
