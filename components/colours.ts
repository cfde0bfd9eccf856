/** The arithmetic of blue and green: pure, shared by the load balancer, the config rules and the rollout. */

/** The two places that a service's releases take turns in. */
export const colours = ["blue", "green"] as const;
export type Colour = (typeof colours)[number];

/** Share of traffic for each colour, percent; the two always sum to 100. */
export type Weights = Readonly<Record<Colour, number>>;

/** The other colour. */
export function otherColour(colour: Colour): Colour {
  return colour === "blue" ? "green" : "blue";
}

/**
 * Weights of both colours.
 * @param live colour that takes what the candidate does not
 * @param candidateWeight share of the other colour, percent, integer 0–100
 */
export function weightsOf(live: Colour, candidateWeight: number): Weights {
  return live === "blue"
    ? { blue: 100 - candidateWeight, green: candidateWeight }
    : { blue: candidateWeight, green: 100 - candidateWeight };
}
