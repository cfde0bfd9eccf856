/** Config area `rollout`, and the arithmetic of colours. */
export { type Colour, colours, otherColour, type Weights, weightsOf } from "../../components/colours.ts";
export { rollout } from "../../components/release/contract.ts";
