/** Entry point that the Pulumi engine runs. */
import "./engine/lightSdk.ts"; // first: it changes how the SDK, which the others import, is loaded
import { exitWithEngine } from "./engine/watch.ts";
import { program } from "./program.ts";

exitWithEngine();

export default program;
