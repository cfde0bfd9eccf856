/** Versions of the engine that Slipway runs on. */

/** Oldest CLI that is accepted from PATH: the first whose exit codes tell the kinds of failure apart (3.227.0). */
export const oldestEngine = "3.227.0";

/** CLI that the npm package `pulumi` downloads. */
export const npmEngine = "3.265.0";

/** CLI that is built from the Go module proxy: the newest that the proxy serves. Pinned by `cli/go.mod` and `cli/go.sum`. */
export const sourceEngine = "3.276.0";

/**
 * Node.js language host that goes with a built CLI: the last version inside `sdk/v3`; later ones are a module that the
 * proxy does not serve. Pinned by `host/go.mod` and `host/go.sum`.
 */
export const sourceLanguageHost = "3.65.0";
