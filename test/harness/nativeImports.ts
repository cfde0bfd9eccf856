/** What Vitest does to Node.js's own imports, done so that they stay cheap; loaded by the first set-up file of each worker. */
import { registerHooks, setSourceMapsSupport } from "node:module";

// Nothing that runs here is compiled to other lines than those of its source: the map of each package would be read for nothing.
setSourceMapsSupport(false);

/** How Vitest ends the path of test files and set-up files, so that each set-up file runs anew for each test file. */
const time = /%3Fvitest=\d+$/;

const imported = new Map<string, number>();

// A count instead of the time: what Node.js compiled in the last run is found again, and its cache does not grow with every run.
registerHooks({
  resolve: (specifier, context, next) => {
    const found = next(specifier.replace(time, ""), context);
    if (!time.test(specifier)) return found;
    const before = imported.get(found.url) ?? 0;
    imported.set(found.url, before + 1);
    return { ...found, url: `${found.url}?vitest=${before}` };
  },
});
