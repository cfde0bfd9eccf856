/**
 * Random tests, all of them: `npm test` runs each with one seed, always the same; `npm run soak` goes on with other seeds.
 * Tests import fast-check from here, so that none of them is left out.
 */
import fc from "fast-check";

/** Environment variable with the seed of a run. */
export const seedVariable = "SLIPWAY_CAMPAIGN_SEED";

/** This run is one of `npm run soak`: what has a long form takes it. */
export const soaking = process.env[seedVariable] !== undefined;

fc.configureGlobal({ seed: Number(process.env[seedVariable] ?? 1) });

export { default as fc } from "fast-check";
