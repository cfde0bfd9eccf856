/** Spares the Pulumi SDK the stack traces that it takes for people who debug: of each promise, and of each resource for the state. */
import "../../infra/engine/lightSdk.ts"; // first, as in infra/index.ts
import { createRequire } from "node:module";

/** The parts of the SDK that are replaced; their names are those of @pulumi/pulumi 3.270. */
interface Internals {
  readonly "./runtime/debuggable.js": { debuggablePromise: (promise: Promise<unknown>) => Promise<unknown> };
  readonly "./runtime/resource.js": { registerResource: (...args: readonly unknown[]) => void };
  readonly "./resource.js": { readonly Resource: { stackTrace: () => readonly never[] } };
}

const sdk = createRequire(createRequire(import.meta.url).resolve("@pulumi/pulumi"));
const internal = <P extends keyof Internals>(path: P) => sdk(path) as Internals[P];

internal("./runtime/debuggable.js").debuggablePromise = (promise) => promise;
internal("./resource.js").Resource.stackTrace = () => [];

const resources = internal("./runtime/resource.js");
const { registerResource } = resources;
resources.registerResource = (...args) => {
  const { stackTraceLimit } = Error;
  Error.stackTraceLimit = 0; // it takes one for each resource, for the case that it is refused
  try {
    registerResource(...args);
  } finally {
    Error.stackTraceLimit = stackTraceLimit;
  }
};
