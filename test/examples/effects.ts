/**
 * Prints as JSON what every change of one config value does to a stack:
 * `node test/examples/effects.ts clearhold/production [--alone] [--costly=network.cidr,…]`. Without a stack it takes stacks from the process
 * that started it, one after the other, and answers with the same.
 */
import "../harness/quickSdk.ts"; // first: it changes the SDK that the others import
import { parseArgs } from "node:util";
import { getEachMessage, sendMessage } from "execa";
import { effectsOfEveryChange } from "../harness/effects.ts";

const { values, positionals } = parseArgs({
  allowPositionals: true,
  options: { alone: { type: "boolean", default: false }, costly: { type: "string", default: "" } },
});
const options = { alone: values.alone, costly: new Set(values.costly.split(",")) };
const [stack] = positionals;

// Inputs that the simulated cloud refuses reject the graph, and a promise of the SDK besides, which nobody awaits.
process.on("unhandledRejection", () => undefined);
if (stack !== undefined) console.log(JSON.stringify(await effectsOfEveryChange(stack, options)));
else if (process.connected)
  for await (const asked of getEachMessage()) await sendMessage(JSON.stringify(await effectsOfEveryChange(String(asked), options)));
else throw new Error("which stack? For example clearhold/production, or production for the project's own");
