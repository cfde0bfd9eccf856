/** The pipeline's roles of the example systems: what they may do, and what bounds them. */
import { exampleStacks } from "../../harness/config.ts";
import { applyLaws } from "./applyLaws.ts";
import { boundaryLaws } from "./boundaryLaws.ts";
import { readLaws } from "./readLaws.ts";

boundaryLaws(exampleStacks);
applyLaws(exampleStacks);
readLaws(exampleStacks);
