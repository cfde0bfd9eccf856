/**
 * Spares the Pulumi SDK what a graph under mocks has no use for: stack traces, promises of outputs that nobody reads, a promise
 * for each value inside plain inputs, and protobuf between a program and a monitor in one process. What is registered stays the same. It makes a graph three times as fast; `graph.ts` imports it.
 */
import "./withoutTraces.ts"; // first: it changes how the SDK is loaded
import { createRequire } from "node:module";
import { apart } from "./plainValues.ts";

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

type Inputs = Readonly<Record<string, unknown>>;

/** A resource as the SDK has it. */
interface Resource {
  readonly urn: { promise(): Promise<unknown> };
  readonly __pulumiCustomResource?: boolean;
}
type Resources = ReadonlySet<Resource>;

/** The parts of the SDK that are replaced; their names are those of @pulumi/pulumi 3.270. */
interface Internals {
  readonly "./runtime/rpc.js": {
    transferProperties: (onto: object, label: string, inputs: object) => Record<string, Resolver>;
    serializeResourceProperties: (label: string, inputs: Inputs, options?: object) => Promise<[Inputs, Map<string, Resources>]>;
    serializeProperties: (label: string, properties: Inputs, options?: object) => Promise<Inputs>;
  };
  readonly "./runtime/dependsOn.js": {
    getAllTransitivelyReferencedResourceURNs: (resources: Resources, exclude: Resources) => Promise<Set<unknown>>;
  };
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

const dependencies = internal("./runtime/dependsOn.js");
const { getAllTransitivelyReferencedResourceURNs: referenced } = dependencies;
dependencies.getAllTransitivelyReferencedResourceURNs = async (from, exclude) => {
  const custom = [...from].filter(({ __pulumiCustomResource: is }) => is === true);
  if (custom.length < from.size) return referenced(from, exclude); // what a component stands for is in its children
  return new Set(await Promise.all(custom.flatMap((one) => (exclude.has(one) ? [] : urnOf(one)))));
};

const rpc = internal("./runtime/rpc.js");
const { serializeResourceProperties, serializeProperties } = rpc;
rpc.transferProperties = (onto, _, inputs) => {
  const resolvers: Record<string, Resolver> = {};
  for (const name of Object.keys(inputs)) if (name !== "id" && name !== "urn") resolvers[name] = outputOnUse(onto, name);
  return resolvers;
};
rpc.serializeResourceProperties = async (label, { id: _id, urn: _urn, ...inputs }, options) => {
  const { plain, others } = apart(inputs);
  const [serialized, referencedBy] = await serializeResourceProperties(label, others, options);
  for (const name of plain.keys()) referencedBy.set(name, new Set());
  return [together(inputs, plain, serialized), referencedBy];
};
rpc.serializeProperties = async (label, properties, options) => {
  const { plain, others } = apart(properties);
  return together(properties, plain, await serializeProperties(label, others, options));
};

const urns = new WeakMap<Resource, Promise<unknown>>();

/** A resource's URN, asked for once by all that depend on it. */
function urnOf(resource: Resource): Promise<unknown> {
  const known = urns.get(resource) ?? resource.urn.promise();
  urns.set(resource, known);
  return known;
}

/** What was serialized apart, in the order of the properties. */
function together(properties: Inputs, plain: ReadonlyMap<string, unknown>, serialized: Inputs): Inputs {
  const all: Record<string, unknown> = {};
  for (const name of Object.keys(properties)) {
    const value = plain.has(name) ? plain.get(name) : serialized[name];
    if (value !== undefined) all[name] = value;
  }
  return all;
}

internal("google-protobuf/google/protobuf/struct_pb.js").Struct.fromJavaScript = (value) => {
  const array = () => []; // a message asks its parts for their arrays, by protobuf's own short name, and sends them nowhere
  return { toJavaScript: () => value, g: array };
};
plainFields(internal("./proto/resource_pb.js").RegisterResourceRequest);

/** Keeps the fields of a message in a map instead of protobuf's array. A field that was not set reads as in an empty message. */
function plainFields(message: Message): void {
  const kept = Symbol("fields");
  const fieldsOf = (of: { [kept]?: Map<string, unknown> }) => {
    of[kept] ??= new Map<string, unknown>();
    return of[kept];
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

/** Puts an output there that is made when it is first read; one that nobody reads has nobody to tell of an error. */
function outputOnUse(onto: object, name: string): Resolver {
  let settled: Resolved | { readonly error: Error } | undefined;
  let awaited: PromiseWithResolvers<Resolved> | undefined;
  let output: object | undefined;
  const settle = () => {
    if (awaited === undefined || settled === undefined) return;
    if ("error" in settled) awaited.reject(settled.error);
    else awaited.resolve(settled);
  };
  const make = () => {
    awaited = Promise.withResolvers<Resolved>();
    const { promise } = awaited;
    promise.catch(() => undefined);
    settle();
    const part = <K extends keyof Resolved>(key: K) => promise.then((resolved) => resolved[key]);
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
    settled = error === undefined ? { value, isKnown, isSecret, resources } : { error };
    settle();
  };
}
