/** Entry point that the Pulumi engine runs. */
import "./lightSdk.ts"; // first: it changes how the SDK, which the others import, is loaded
import { exitWithEngine } from "./engineWatch.ts";
import { program } from "./program.ts";

exitWithEngine();

export default program;
