/**
 * Makes the Pulumi SDK light to start and to run; the entry point imports it before everything that imports the SDK.
 * What it spares is measured in docs/decisions/0003-program-start.md. The program works the same without it.
 */
import { createRequire, Module } from "node:module";

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

/** From the script that Node.js was started with, which is the SDK's own: `import.meta` would keep CommonJS programs out. */
const sdk = createRequire(createRequire(process.argv[1] ?? process.cwd()).resolve("@pulumi/pulumi"));

// The SDK's source-map hook makes each stack trace dear. This program runs from its own sources and needs no source maps;
// line numbers stay.
Reflect.deleteProperty(Error, "prepareStackTrace");
for (const name of seldomUsed) whenThere(() => loadOnUse(name));
whenThere(() => spareStackTraces(sdk("./runtime/debuggable.js") as Debuggable));
if (process.env.SLIPWAY_SDK_DEBUG === undefined) whenThere(() => spareDebugLog(sdk("./log/index.js") as Log));

/** Another SDK may keep its files elsewhere: then its start is dearer, and the program runs all the same. */
function whenThere(change: () => void): void {
  try {
    change();
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code !== "MODULE_NOT_FOUND") throw error;
  }
}

/** Puts a stand-in into the module cache that loads the real module when something of it is asked for. */
function loadOnUse(name: string): void {
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

/** The engine drops these messages unless it runs with `--debug`; with `SLIPWAY_SDK_DEBUG=1` it gets them. */
function spareDebugLog(log: Log): void {
  log.debug = () => Promise.resolve();
}
