/** Makes the Pulumi SDK light to start and to run; the entry point imports it before everything that imports the SDK. */
import { createRequire } from "node:module";
import { debugWanted } from "./debugMessages.ts";
import { lighten } from "./lighten.ts";

// The SDK's source-map hook makes each stack trace dear. This program runs from its own sources and needs no source maps;
// line numbers stay.
Reflect.deleteProperty(Error, "prepareStackTrace");
// From the script that Node.js was started with, which is the SDK's own: `import.meta` would keep CommonJS programs out.
lighten(() => createRequire(createRequire(process.argv[1] ?? process.cwd()).resolve("@pulumi/pulumi")), {
  debug: debugWanted(),
  warn: (line) => process.stderr.write(`${line}\n`),
});
