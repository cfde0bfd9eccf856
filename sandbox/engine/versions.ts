/** Versions of the engine that Slipway runs on. */

/** The two ends of the supported range that the Go module proxy serves; each is pinned by the `go.mod` and `go.sum` of its folder. */
export const sourceEngines = {
  /** In use when PATH and npm bring none: the newest that is served. */
  newest: "3.276.0",
  /** The oldest that is accepted: its exit codes tell the kinds of failure apart (since 3.227.0), and it can still be built. */
  oldest: "3.229.0",
} as const;

/** Which of the two. */
export type SourceEngine = keyof typeof sourceEngines;

/** CLI that the npm package `pulumi` downloads: the newest that npm serves. */
export const npmEngine = "3.265.0";

/** Go that builds the newest CLI, as its `go.mod` says. */
export const goVersion = "1.26.6";

/**
 * Node.js language host that goes with a built CLI: the last version inside `sdk/v3`; later ones are a module that the
 * proxy does not serve. Pinned by `host/go.mod` and `host/go.sum`.
 */
export const sourceLanguageHost = "3.65.0";
