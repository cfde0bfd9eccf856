/** Entry point that the Pulumi engine runs. */
import { exitWithEngine } from "./engineWatch.ts";
import { program } from "./program.ts";

// The SDK takes a stack trace for every promise, and its source-map hook makes each of them dear. This program runs from
// its own sources and needs no source maps; without the hook, line numbers stay and half of the time goes.
Reflect.deleteProperty(Error, "prepareStackTrace");

exitWithEngine();

export default program;
