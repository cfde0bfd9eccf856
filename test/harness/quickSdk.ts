/**
 * Spares the Pulumi SDK what a graph under mocks has no use for: stack traces of promises and of resources, promises of
 * outputs that nobody reads, and protobuf between a program and a monitor in one process. What is registered stays the
 * same. It more than halves the time of a graph; `graph.ts` imports it.
 */
import "../../infra/engine/lightSdk.ts"; // first, as in infra/index.ts
import { createRequire } from "node:module";

/** Resolves one output of a resource, as the SDK calls it. */
type Resolver = (value: unknown, isKnown: boolean, isSecret: boolean, resources?: readonly unknown[], error?: Error) => void;

interface Resolved {
  readonly value: unknown;
  readonly isKnown: boolean;
  readonly isSecret: boolean;
  readonly resources: readonly unknown[];
}

type MakeOutput = new (
  resource: object,
  value: Promise<unknown>,
  isKnown: Promise<boolean>,
  isSecret: Promise<boolean>,
  resources: Promise<unknown>,
) => object;

/** The parts of the SDK that are replaced; their names are those of @pulumi/pulumi 3.270. */
interface Internals {
  readonly "./runtime/debuggable.js": { debuggablePromise: (promise: Promise<unknown>) => Promise<unknown> };
  readonly "./runtime/rpc.js": { transferProperties: (onto: object, label: string, inputs: object) => Record<string, Resolver> };
  readonly "./resource.js": { readonly Resource: { stackTrace: () => readonly never[] } };
  readonly "./output.js": { readonly Output: MakeOutput };
  readonly "./proto/resource_pb.js": { readonly RegisterResourceRequest: Message };
  readonly "google-protobuf/google/protobuf/struct_pb.js": {
    readonly Struct: { fromJavaScript: (value: object) => { toJavaScript: () => object } };
  };
}

/** A class of protobuf's. */
interface Message {
  new (): object;
  readonly prototype: Record<string, unknown>;
}

const sdk = createRequire(createRequire(import.meta.url).resolve("@pulumi/pulumi"));
const internal = <P extends keyof Internals>(path: P) => sdk(path) as Internals[P];

const { Output } = internal("./output.js");

internal("./runtime/debuggable.js").debuggablePromise = (promise) => promise;
internal("./resource.js").Resource.stackTrace = () => [];
internal("./runtime/rpc.js").transferProperties = (onto, _, inputs) => {
  const names = Object.keys(inputs).filter((name) => name !== "id" && name !== "urn");
  return Object.fromEntries(names.map((name) => [name, outputOnUse(onto, name)]));
};

internal("google-protobuf/google/protobuf/struct_pb.js").Struct.fromJavaScript = (value) => {
  const array = () => []; // a message asks its parts for their arrays, by protobuf's own short name, and sends them nowhere
  return { toJavaScript: () => value, g: array };
};
plainFields(internal("./proto/resource_pb.js").RegisterResourceRequest);

/** Keeps the fields of a message in a map instead of protobuf's array. A field that was not set reads as in an empty message. */
function plainFields(message: Message): void {
  const kept = new WeakMap<object, Map<string, unknown>>();
  const fieldsOf = (of: object) => {
    const known = kept.get(of) ?? new Map<string, unknown>();
    kept.set(of, known);
    return known;
  };
  const empty = new message() as Record<string, () => unknown>;
  for (const getter of Object.getOwnPropertyNames(message.prototype).filter((name) => /^get[A-Z]/.test(name))) {
    const field = getter.slice("get".length);
    const isMap = field.endsWith("Map");
    const absent = isMap ? undefined : empty[getter]?.();
    message.prototype[getter] = function (this: object) {
      const fields = fieldsOf(this);
      if (isMap && !fields.has(field)) fields.set(field, new Map());
      return fields.has(field) ? fields.get(field) : absent;
    };
    message.prototype[`set${field}`] = function (this: object, value: unknown) {
      fieldsOf(this).set(field, value);
    };
  }
}

/** Puts an output there that is made when it is first read. */
function outputOnUse(onto: object, name: string): Resolver {
  const settled = Promise.withResolvers<Resolved>();
  settled.promise.catch(() => undefined); // an output that nobody reads has nobody to tell
  let output: object | undefined;
  const make = () => {
    const part = <K extends keyof Resolved>(key: K) => settled.promise.then((resolved) => resolved[key]);
    return new Output(onto, part("value"), part("isKnown"), part("isSecret"), part("resources"));
  };
  Object.defineProperty(onto, name, {
    configurable: true,
    enumerable: true,
    get: () => {
      output ??= make();
      return output;
    },
    set: (value: object) => {
      output = value;
    },
  });
  return (value, isKnown, isSecret, resources = [], error) => {
    if (error === undefined) settled.resolve({ value, isKnown, isSecret, resources });
    else settled.reject(error);
  };
}
