/**
 * Takes off the Pulumi SDK what no deployment needs. Whatever cannot be taken off stays on, with one line of warning: an update
 * never fails for it. What is spared is measured in docs/decisions/0003-program-start.md.
 */
import { Module } from "node:module";

/** The SDK whose inside was looked at and measured; any other starts as it is. */
export const measuredSdk = "3.270";

/** What the SDK loads at its start and only needs to drive stacks from code or to turn functions into text. */
const seldomUsed = ["./automation/index.js", "./typescript-shim.js", "@npmcli/arborist", "normalize-package-data"];

/** Takes a stack trace for every promise, for its report of promises that never end. */
interface Debuggable {
  debuggablePromise: (promise: Promise<unknown>, context: unknown) => Promise<unknown>;
  readonly debugPromiseLeaks: boolean;
}

/** Tells the engine of every registration, four times, in one row of calls that the program's end waits for. */
interface Log {
  debug: (message: string) => Promise<void>;
}

/** What is known of this run. */
interface Surroundings {
  /** Somebody wants the SDK's debug messages. */
  readonly debug: boolean;
  /** Takes one line for people. */
  readonly warn: (line: string) => void;
}

/** Makes the SDK light. Never throws. @param find gives what requires a module as the SDK's own entry does */
export function lighten(find: () => NodeJS.Require, { debug, warn }: Surroundings): void {
  const failures: string[] = [];
  const attempt = <T>(change: () => T): T | undefined => {
    try {
      return change();
    } catch (error) {
      failures.push(String(error).split("\n")[0] ?? "");
      return undefined;
    }
  };
  const sdk = attempt(find);
  const version = sdk && attempt(() => (sdk("./package.json") as { readonly version: string }).version);
  if (sdk !== undefined && version?.startsWith(`${measuredSdk}.`) === true) {
    for (const name of seldomUsed) attempt(() => loadOnUse(sdk, name));
    attempt(() => spareStackTraces(sdk("./runtime/debuggable.js") as Debuggable));
    if (!debug) attempt(() => spareDebugLog(sdk("./log/index.js") as Log, sdk("./index.js") as { log: Log }));
  } else failures.push(`it was measured with ${measuredSdk}`);
  if (failures.length > 0) warn(`@pulumi/pulumi ${version ?? ""} starts with more than it needs: ${failures.join("; ")}`);
}

/** Puts a stand-in into the module cache that loads the real module when something of it is asked for. */
function loadOnUse(sdk: NodeJS.Require, name: string): void {
  const path = sdk.resolve(name);
  if (sdk.cache[path] !== undefined) return;
  let loaded: object | undefined;
  const real = (): object => {
    if (loaded === undefined) {
      delete sdk.cache[path];
      loaded = sdk(path) as object;
    }
    return loaded;
  };
  const standIn = new Module(path);
  standIn.loaded = true;
  standIn.exports = new Proxy(
    {},
    {
      get(_, key) {
        if (key === "__esModule") return true; // else the SDK copies every property, and so loads it
        return key === "default" && !("default" in real()) ? real() : Reflect.get(real(), key);
      },
      has: (_, key) => key in real(),
    },
  );
  sdk.cache[path] = standIn;
}

/** Leaves out the traces that nobody asked for; errors of the program keep theirs. */
function spareStackTraces(debuggable: Debuggable): void {
  if (debuggable.debugPromiseLeaks) return;
  const original = debuggable.debuggablePromise;
  debuggable.debuggablePromise = (promise, context) => {
    const { stackTraceLimit } = Error;
    Error.stackTraceLimit = 0;
    try {
      return original(promise, context);
    } finally {
      Error.stackTraceLimit = stackTraceLimit;
    }
  };
}

/** Leaves out what the SDK says of itself; a program's own `pulumi.log.debug` still reaches the engine. */
function spareDebugLog(log: Log, index: { log: Log }): void {
  index.log = { ...log }; // first: where the two cannot be told apart, nothing is left out
  log.debug = () => Promise.resolve();
}
