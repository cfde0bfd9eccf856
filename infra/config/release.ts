/** Config areas `services.<name>.release` and `rollout`: which colour serves, what the candidate gets, how it proceeds. */
export { type Colour, colours, otherColour, type Weights, weightsOf } from "../../components/colours.ts";
export { release, rollout } from "../../components/release/contract.ts";
