/** Entry point that the Pulumi engine runs. */
import { program } from "./program.ts";

export default program;
