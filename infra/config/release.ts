/** The arithmetic of colours, for commands. */
export { type Colour, colours, otherColour, type Weights, weightsOf } from "../../components/colours.ts";
