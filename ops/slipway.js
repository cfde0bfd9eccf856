#!/usr/bin/env node
// Starts the command line on the Node.js that package.json pins: the sources are TypeScript, which older versions cannot run.
import { existsSync } from "node:fs";
import module from "node:module";
import { homedir, userInfo } from "node:os";
import { join } from "node:path";
import { fileURLToPath } from "node:url";
import v8 from "node:v8";
import { handOver } from "./handOver.js";

const [major = 0, minor = 0] = process.versions.node.split(".").map(Number);
if (major > 22 || (major === 22 && minor >= 18)) {
  // A command stands beside an engine with its providers. A young generation that does not grow saves 25 to 80 MB at no cost of time.
  v8.setFlagsFromString("--semi-space-growth-factor=1");
  // V8 optimises what is called often; it waits ten times as long as by itself, as most commands are over before that pays.
  for (const flag of ["maglev=4000", "maglev-osr=1000", "turbofan=30000", "osr=5000"])
    v8.setFlagsFromString(`--invocation-count-for-${flag}`);
  // What was compiled once is kept, in `cacheFolder()` of sandbox/engine/engine.ts: half of the time of a small command.
  const { SLIPWAY_CACHE, XDG_CACHE_HOME, NODE_COMPILE_CACHE } = process.env;
  const cache = SLIPWAY_CACHE ?? join(XDG_CACHE_HOME ?? join(homedir() || userInfo().homedir, ".cache"), "slipway");
  module.enableCompileCache(NODE_COMPILE_CACHE ?? join(cache, "compile"));
  // zod brings its messages in fifty languages, each a file; Slipway writes its own.
  module.registerHooks({
    load: (url, context, next) =>
      url.endsWith("/zod/v4/locales/index.js") ? { format: "module", source: "export {}", shortCircuit: true } : next(url, context),
  });
  await import("./main.ts");
} else {
  const node = fileURLToPath(new URL("../node_modules/node/bin/node", import.meta.url));
  if (!existsSync(node)) {
    console.error(`slipway needs Node.js 22.18 or newer; this is ${process.version}. In its repository, run: npm ci`);
    process.exit(1);
  }
  await handOver(node, [fileURLToPath(import.meta.url), ...process.argv.slice(2)], process.env);
}
