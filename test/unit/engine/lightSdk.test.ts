/** The SDK is made light where it can be, and an update runs whatever another SDK looks like. */
import { mkdirSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { createRequire } from "node:module";
import { tmpdir } from "node:os";
import { dirname, join } from "node:path";
import { execa } from "execa";
import { afterEach, beforeEach, describe, expect, test } from "vitest";
import { debugWanted } from "../../../infra/engine/debugMessages.ts";
import { lighten, measuredSdk } from "../../../infra/engine/lighten.ts";

/** Files of a package that looks like the SDK, as far as it is touched. */
const sdkFiles: Readonly<Record<string, string>> = {
  "package.json": `{"version":"${measuredSdk}.9","main":"index.js"}`,
  "index.js": 'const log = require("./log/index.js"); exports.log = log; exports.register = () => log.debug("registering");',
  "log/index.js": "exports.sent = []; exports.debug = (text) => { exports.sent.push(text); return Promise.resolve(); };",
  "runtime/debuggable.js": "exports.debugPromiseLeaks = false; exports.debuggablePromise = (promise) => promise;",
  "automation/index.js": "globalThis.loadedAutomation = true; exports.LocalWorkspace = 1;",
  "typescript-shim.js": "exports.version = 5;",
  "node_modules/@npmcli/arborist/package.json": '{"main":"index.js"}',
  "node_modules/@npmcli/arborist/index.js": "exports.Arborist = 1;",
  "node_modules/normalize-package-data/package.json": '{"main":"index.js"}',
  "node_modules/normalize-package-data/index.js": "exports.normalize = 1;",
};

interface FakeSdk {
  readonly log: { readonly sent: string[]; readonly debug: (text: string) => Promise<void> };
  readonly register: () => Promise<void>;
}

let folder = "";
beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), "slipway-sdk-"));
});
afterEach(() => rmSync(folder, { recursive: true, force: true }));

/** Makes such a package light. @param changes files that are other than those of the measured one */
function lightened(changes: Readonly<Record<string, string>> = {}, debug = false) {
  for (const [file, text] of Object.entries({ ...sdkFiles, ...changes })) {
    mkdirSync(dirname(join(folder, file)), { recursive: true });
    writeFileSync(join(folder, file), text);
  }
  const sdk = createRequire(join(folder, "index.js"));
  const warnings: string[] = [];
  lighten(() => sdk, { debug, warn: (line) => warnings.push(line) });
  return { sdk, warnings, index: sdk("./index.js") as FakeSdk };
}

describe("the measured SDK", () => {
  test("loads what is seldom used when it is used, and warns of nothing", () => {
    const { sdk, warnings } = lightened();
    const automation = sdk("./automation/index.js") as { LocalWorkspace: number };
    expect("loadedAutomation" in globalThis).toBe(false);
    expect(automation.LocalWorkspace).toBe(1);
    expect("loadedAutomation" in globalThis).toBe(true);
    Reflect.deleteProperty(globalThis, "loadedAutomation");
    expect(warnings).toEqual([]);
  });

  test("keeps its own debug messages to itself, and sends those of the program", async () => {
    const { index } = lightened();
    await index.register();
    await index.log.debug("of the program");
    expect(index.log.sent).toEqual(["of the program"]);
  });

  test("sends all of them where somebody wants them", async () => {
    const { index } = lightened({}, true);
    await index.register();
    expect(index.log.sent).toEqual(["registering"]);
  });

  test("is the one that this package is pinned to", () => {
    const { dependencies } = JSON.parse(readFileSync("package.json", "utf8")) as { dependencies: Record<string, string> };
    expect(dependencies["@pulumi/pulumi"]).toMatch(new RegExp(`^${measuredSdk.replace(".", "\\.")}\\.\\d+$`));
  });
});

test.each<[what: string, changes: Readonly<Record<string, string>>, says: string]>([
  [
    "exports that are getters only",
    { "log/index.js": 'Object.defineProperty(exports, "debug", { enumerable: true, get: () => () => Promise.resolve() });' },
    "which has only a getter",
  ],
  [
    "a frozen namespace",
    { "log/index.js": "exports.debug = () => Promise.resolve(); Object.freeze(exports);" },
    "read only property 'debug'",
  ],
  ["a frozen entry", { "index.js": 'exports.log = require("./log/index.js"); Object.freeze(exports);' }, "read only property 'log'"],
  [
    "an exports map on arborist",
    { "node_modules/@npmcli/arborist/package.json": '{"exports":{"./other":"./index.js"}}' },
    'No "exports" main defined',
  ],
  ["a part that throws as it loads", { "runtime/debuggable.js": 'throw new Error("changed inside");' }, "changed inside"],
  [
    "another minor version",
    { "package.json": '{"version":"3.271.0"}' },
    `3.271.0 starts with more than it needs: it was measured with ${measuredSdk}`,
  ],
  ["no version at all", { "package.json": '{"main":"index.js"}' }, "starts with more than it needs"],
])("%s: one line of warning, and the program goes on", (_, changes, says) => {
  const { warnings } = lightened(changes);
  expect(warnings).toEqual([expect.stringContaining(says)]);
});

test("an SDK that is not found stops nothing either", () => {
  const warnings: string[] = [];
  lighten(() => createRequire(createRequire(join(folder, "program.js")).resolve("@pulumi/pulumi")), {
    debug: false,
    warn: (line) => warnings.push(line),
  });
  expect(warnings).toEqual([expect.stringContaining("Cannot find module '@pulumi/pulumi'")]);
});

test("another version is left as it is", async () => {
  const { index } = lightened({ "package.json": '{"version":"3.271.0"}' });
  await index.register();
  expect(index.log.sent).toEqual(["registering"]);
});

describe("debug messages are wanted", () => {
  test("when the environment says so", () => expect(debugWanted({ SLIPWAY_SDK_DEBUG: "1" }, 0)).toBe(true));

  /** What a program says that a process called `pulumi` has started, over a language host. */
  const under = async (...args: readonly string[]) => {
    const module = JSON.stringify(join(import.meta.dirname, "..", "..", "..", "infra", "engine", "debugMessages.ts"));
    const program = `import { debugWanted } from ${module}; console.log(debugWanted({}));`;
    const host = `require("node:child_process").spawnSync(process.execPath, ["--input-type=module", "--eval", ${JSON.stringify(program)}], { stdio: "inherit" })`;
    // The arguments after `--` are those that the process shows; bash gives it its name.
    const script = 'program=$1; shift; exec -a /usr/local/bin/pulumi "$0" --eval "$program" -- "$@"';
    const engine = `require("node:child_process").spawnSync(process.execPath, ["--eval", ${JSON.stringify(host)}], { stdio: "inherit" })`;
    return (await execa("bash", ["-c", script, process.execPath, engine, ...args])).stdout;
  };
  test.runIf(process.platform === "linux").each([
    [["up", "--debug", "--yes"], "true"],
    [["preview", "-d"], "true"],
    [["preview", "--diff", "--stack", "dev"], "false"],
    [["up", "--debug=false"], "false"],
  ])("when the engine's command line says so: %j", async (args, answer) => expect(await under(...args)).toBe(answer));
});
