/**
 * Runs commands of ours one after the other in one process, each in a folder and an environment of its own, and lets the
 * engine attach to the program in this process: what every command would load anew is loaded once. Started by `commandProcess.ts`.
 */
import { pathToFileURL } from "node:url";

/** One command. */
export interface Command {
  /** Absolute path of the script that is run. */
  readonly script: string;
  readonly args: readonly string[];
  readonly cwd: string;
  /** Environment of this command. */
  readonly env: Readonly<Record<string, string | undefined>>;
  /** How the engine, if the command starts one, writes the state: before and after each resource, as a crash needs it, or once at its end. */
  readonly engine: "none" | "with checkpoints" | "without checkpoints";
  /** Written to both outputs when the command has ended. */
  readonly mark: string;
}

let port: number | undefined;
/** An update of a small stack ends before collections pay: without them a step of a canary took a tenth less processor time. */
const withoutCollections = { GOGC: "off", GOMEMLIMIT: "1GiB" };
/** The whole state for every resource is most of a first update. */
const withoutCheckpoints = { PULUMI_EXPERIMENTAL: "true", PULUMI_SKIP_CHECKPOINTS: "true" };
let count = 0;

process.on("message", async ({ script, args, cwd, env, engine, mark }: Command) => {
  if (engine !== "none") port ??= await (await import("./languageRuntime.ts")).serveLanguageRuntime();
  process.chdir(cwd);
  for (const key of Object.keys(process.env)) delete process.env[key];
  Object.assign(process.env, env, withoutCollections, port === undefined ? {} : { PULUMI_DEBUG_LANGUAGES: `nodejs:${port}` });
  if (engine === "without checkpoints") Object.assign(process.env, withoutCheckpoints);
  process.argv = [process.execPath, script, ...args];
  process.exitCode = 0;
  count += 1;
  try {
    await import(`${pathToFileURL(script).href}?run=${count}`);
  } catch (error) {
    console.error(error);
    process.exitCode = 1;
  }
  const exitCode = Number(process.exitCode ?? 0);
  process.stdout.write(mark);
  process.stderr.write(mark);
  process.send?.(exitCode);
});
process.on("disconnect", () => process.exit(0));
