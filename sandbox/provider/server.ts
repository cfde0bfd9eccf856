/** Serves one simulated cloud over the real provider protocol (`pulumirpc.ResourceProvider`), on loopback only. */
import grpc from "@grpc/grpc-js";
import plugin from "@pulumi/pulumi/proto/plugin_pb.js";
import providerGrpc from "@pulumi/pulumi/proto/provider_grpc_pb.js";
import provider from "@pulumi/pulumi/proto/provider_pb.js";
import statusProto from "@pulumi/pulumi/proto/status_pb.js";
import any from "google-protobuf/google/protobuf/any_pb.js";
import empty from "google-protobuf/google/protobuf/empty_pb.js";
import struct from "google-protobuf/google/protobuf/struct_pb.js";
import { Unsteady } from "../cloud/catalogue.ts";
import type { Cloud } from "../cloud/cloud.ts";
import type { Place } from "../cloud/identity.ts";
import type { Faults, Operation } from "../faults/faults.ts";
import { simulatedMark } from "./mark.ts";
import { Resources, typeOf } from "./resources.ts";
import { formatPath, isObject, type Properties, reveal, type Value } from "./values.ts";

/** A provider that the engine can attach to. */
export interface RunningProvider {
  /** Package name, for example `aws`. */
  readonly name: string;
  /** Loopback port, for `PULUMI_DEBUG_PROVIDERS`. */
  readonly port: number;
  /** Types that were served unchecked so far. */
  readonly unchecked: ReadonlySet<string>;
  /** What was taken for granted so far, since a real provider has it: a sentence each. */
  readonly assumed: ReadonlySet<string>;
  readonly stop: () => void;
}

type Call = grpc.ServerUnaryCall<unknown, unknown>;
type Answer = grpc.sendUnaryData<unknown>;

/**
 * Starts a provider.
 * @param account account that the credentials of this run belong to
 */
export async function serve(cloud: Cloud, account: string, faults: Faults): Promise<RunningProvider> {
  const server = new grpc.Server({ "grpc.max_receive_message_length": -1, "grpc.max_send_message_length": -1 });
  server.addService(providerGrpc.ResourceProviderService as unknown as grpc.ServiceDefinition, handlers(cloud, account, faults));
  const port = await new Promise<number>((resolve, reject) => {
    server.bindAsync("127.0.0.1:0", grpc.ServerCredentials.createInsecure(), (error, bound) =>
      error === null ? resolve(bound) : reject(error),
    );
  });
  const { unchecked, assumed } = cloud;
  return { name: cloud.catalogue.packageName, port, unchecked, assumed, stop: () => server.forceShutdown() };
}

function handlers(cloud: Cloud, account: string, faults: Faults): grpc.UntypedServiceImplementation {
  const { catalogue } = cloud;
  const resources = new Resources(cloud);
  // The engine opens one connection for each provider resource, and all of them end here: the peer tells them apart.
  const places = new Map<string, Place>();
  const placeOf = (call: Call): Place => {
    const place = places.get(call.getPeer());
    if (place === undefined) throw new Error("the provider is used before it is configured");
    return place;
  };
  const unary = (handle: (call: Call) => unknown) => (call: Call, answer: Answer) => {
    Promise.resolve()
      .then(() => handle(call))
      .then(
        (result) => answer(null, result),
        (error: unknown) => answer(failure(error)),
      );
  };
  const withFaults = <R extends { getUrn(): string }>(operation: Operation, handle: (request: R, call: Call) => unknown) =>
    unary((call) => {
      const request = call.request as R;
      return faults.around(operation, typeOf(request.getUrn()), () => handle(request, call));
    });

  return {
    handshake: unary(() => {
      const response = new provider.ProviderHandshakeResponse();
      response.setAcceptSecrets(true);
      return response;
    }),
    attach: unary(() => new empty.Empty()),
    cancel: unary(() => new empty.Empty()),
    getPluginInfo: unary(() => {
      const info = new plugin.PluginInfo();
      info.setVersion(catalogue.version);
      return info;
    }),
    getSchema: unary(() => {
      const response = new provider.GetSchemaResponse();
      response.setSchema(JSON.stringify({ name: catalogue.packageName, version: catalogue.version }));
      return response;
    }),
    checkConfig: unary((call) => {
      const request = call.request as provider.CheckRequest;
      const response = new provider.CheckResponse();
      response.setInputs(toStruct({ ...toProperties(request.getNews()), [simulatedMark]: "slipway" }));
      return response;
    }),
    diffConfig: unary((call) => {
      const request = call.request as provider.DiffRequest;
      const response = new provider.DiffResponse();
      const [before, after] = [toProperties(request.getOlds()), toProperties(request.getNews())];
      const same = JSON.stringify(before) === JSON.stringify(after);
      response.setReplacesList((catalogue.replacedBy ?? []).filter((key) => before[key] !== after[key]));
      response.setChanges(same ? provider.DiffResponse.DiffChanges.DIFF_NONE : provider.DiffResponse.DiffChanges.DIFF_SOME);
      return response;
    }),
    configure: unary((call) => {
      const request = call.request as provider.ConfigureRequest;
      places.set(call.getPeer(), catalogue.configure(parseConfig(reveal(toProperties(request.getArgs())).plain), account));
      const response = new provider.ConfigureResponse();
      response.setAcceptsecrets(true);
      response.setSupportspreview(true);
      return response;
    }),
    invoke: unary((call) => {
      const request = call.request as provider.InvokeRequest;
      const invoke = catalogue.invokes[request.getTok()];
      if (invoke === undefined) throw new Error(`the sandbox does not simulate the function ${request.getTok()}`);
      const response = new provider.InvokeResponse();
      response.setReturn(toStruct(invoke(reveal(toProperties(request.getArgs())).plain, { store: cloud.store, place: placeOf(call) })));
      return response;
    }),
    check: withFaults<provider.CheckRequest>("check", (request, call) => {
      const checked = resources.check(
        request.getUrn(),
        toProperties(request.getOlds()),
        toProperties(request.getNews()),
        request.getRandomseed_asU8(),
        placeOf(call),
      );
      const response = new provider.CheckResponse();
      response.setInputs(toStruct(checked.inputs));
      response.setFailuresList(
        checked.failures.map(({ property, reason }) => {
          const failure = new provider.CheckFailure();
          failure.setProperty(property);
          failure.setReason(reason);
          return failure;
        }),
      );
      return response;
    }),
    diff: withFaults<provider.DiffRequest>("diff", (request) => {
      const news = ignoring(request.getIgnorechangesList(), toProperties(request.getOldInputs()), toProperties(request.getNews()));
      const { changes, replaces, deleteBeforeReplace } = resources.diff(
        request.getUrn(),
        toProperties(request.getOlds()),
        toProperties(request.getOldInputs()),
        news,
      );
      const response = new provider.DiffResponse();
      response.setChanges(changes.length > 0 ? provider.DiffResponse.DiffChanges.DIFF_SOME : provider.DiffResponse.DiffChanges.DIFF_NONE);
      response.setReplacesList([...replaces]);
      response.setDeletebeforereplace(deleteBeforeReplace);
      response.setDiffsList([...new Set(changes.map(({ path }) => String(path[0])))]);
      response.setHasdetaileddiff(true);
      for (const change of changes) {
        const detail = new provider.PropertyDiff();
        detail.setKind(kindOf(change));
        response.getDetaileddiffMap().set(formatPath(change.path), detail);
      }
      return response;
    }),
    create: withFaults<provider.CreateRequest>("create", (request, call) => {
      const made = resources.create(request.getUrn(), toProperties(request.getProperties()), placeOf(call), request.getPreview());
      const response = new provider.CreateResponse();
      response.setId(made.id);
      response.setProperties(toStruct(made.properties));
      return response;
    }),
    read: withFaults<provider.ReadRequest>("read", (request, call) => {
      const found = resources.read(
        request.getUrn(),
        request.getId(),
        toProperties(request.getProperties()),
        toProperties(request.getInputs()),
        placeOf(call),
      );
      const response = new provider.ReadResponse();
      response.setId(found?.id ?? "");
      response.setProperties(toStruct(found?.properties ?? {}));
      response.setInputs(toStruct(found?.inputs ?? {}));
      return response;
    }),
    update: withFaults<provider.UpdateRequest>("update", (request, call) => {
      const news = ignoring(request.getIgnorechangesList(), toProperties(request.getOldInputs()), toProperties(request.getNews()));
      const response = new provider.UpdateResponse();
      response.setProperties(
        toStruct(
          resources.update(request.getUrn(), request.getId(), toProperties(request.getOlds()), news, placeOf(call), request.getPreview()),
        ),
      );
      return response;
    }),
    delete: withFaults<provider.DeleteRequest>("delete", (request, call) => {
      resources.delete(request.getUrn(), request.getId(), toProperties(request.getProperties()), placeOf(call));
      return new empty.Empty();
    }),
  };
}

/** An error for the engine; of what was written and never came to run it keeps the state, as an initialization error. */
function failure(error: unknown): grpc.ServiceError {
  const details = error instanceof Error ? error.message : String(error);
  const metadata = new grpc.Metadata();
  if (error instanceof Unsteady) {
    const init = new provider.ErrorResourceInitFailed();
    init.setId(error.id);
    init.setProperties(toStruct(error.properties));
    if (error.inputs !== undefined) init.setInputs(toStruct(error.inputs));
    init.setReasonsList([error.reason]);
    const packed = new any.Any();
    packed.pack(init.serializeBinary(), "pulumirpc.ErrorResourceInitFailed");
    const told = new statusProto.Status();
    told.setCode(grpc.status.UNKNOWN);
    told.setMessage(details);
    told.addDetails(packed);
    metadata.add("grpc-status-details-bin", Buffer.from(told.serializeBinary()));
  }
  return Object.assign(new Error(details), { code: grpc.status.UNKNOWN, details, metadata });
}

/** Provider settings that are not strings arrive as JSON text. */
function parseConfig(config: Properties): Properties {
  const parse = (value: Value): Value => {
    if (typeof value !== "string" || !/^(\[|\{|true$|false$)/.test(value)) return value;
    try {
      return JSON.parse(value) as Value;
    } catch {
      return value;
    }
  };
  return Object.fromEntries(Object.entries(config).map(([key, value]) => [key, parse(value)]));
}

/** The engine resets ignored properties before it calls; paths that it cannot reset are left to the provider. */
function ignoring(paths: readonly string[], before: Properties, after: Properties): Properties {
  const kept: Properties = { ...after };
  for (const path of paths) {
    if (/^\w+$/.test(path) && before[path] !== undefined) kept[path] = before[path];
  }
  return kept;
}

function kindOf(change: { readonly kind: "add" | "delete" | "update"; readonly replaces: boolean }): provider.PropertyDiff.Kind {
  const { Kind } = provider.PropertyDiff;
  if (change.kind === "add") return change.replaces ? Kind.ADD_REPLACE : Kind.ADD;
  if (change.kind === "delete") return change.replaces ? Kind.DELETE_REPLACE : Kind.DELETE;
  return change.replaces ? Kind.UPDATE_REPLACE : Kind.UPDATE;
}

function toProperties(value: struct.Struct | undefined): Properties {
  const plain = value?.toJavaScript() ?? {};
  return isObject(plain as Value) ? (plain as Properties) : {};
}

function toStruct(properties: Properties): struct.Struct {
  return struct.Struct.fromJavaScript(properties);
}
