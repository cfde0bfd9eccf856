/**
 * Prints as JSON what every change of one config value does to one stack:
 * `node test/examples/effects.ts clearhold/production [--alone] [--costly=network.cidr,…]`.
 */
import { parseArgs } from "node:util";
import { effectsOfEveryChange } from "../harness/effects.ts";

const { values, positionals } = parseArgs({
  allowPositionals: true,
  options: { alone: { type: "boolean", default: false }, costly: { type: "string", default: "" } },
});
const [stack] = positionals;
if (stack === undefined) throw new Error("which stack? For example clearhold/production, or production for the project's own");

// Inputs that the simulated cloud refuses reject the graph, and a promise of the SDK besides, which nobody awaits.
process.on("unhandledRejection", () => undefined);
console.log(JSON.stringify(await effectsOfEveryChange(stack, { alone: values.alone, costly: new Set(values.costly.split(",")) })));
