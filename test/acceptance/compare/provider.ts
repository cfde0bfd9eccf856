/** A provider the way the engine talks to it: configure, check and diff, without an engine in between. */
import grpc from "@grpc/grpc-js";
import providerGrpc from "@pulumi/pulumi/proto/provider_grpc_pb.js";
import provider from "@pulumi/pulumi/proto/provider_pb.js";
import struct from "google-protobuf/google/protobuf/struct_pb.js";
import type { Properties } from "../../../sandbox/provider/values.ts";

/** A refused property. */
export interface Failure {
  readonly property: string;
  readonly reason: string;
}

/** What a provider says of wanted inputs. */
export interface CheckAnswer {
  readonly inputs: Properties;
  /** Empty when the provider takes the inputs. */
  readonly failures: readonly Failure[];
}

/** What a provider says of a change. */
export interface DiffAnswer {
  readonly changes: boolean;
  /** Paths of the properties for which the resource has to be replaced. */
  readonly replaces: readonly string[];
  /** All changed paths. */
  readonly paths: readonly string[];
  readonly deleteBeforeReplace: boolean;
  /** The provider refuses the change only now; nothing else of the answer counts. */
  readonly refused?: string;
}

/** A resource as the state has it. */
export interface KnownResource {
  readonly urn: string;
  readonly id: string;
  readonly inputs: Properties;
  readonly outputs: Properties;
}

/** How long a provider may compare: some ask AWS meanwhile, and repeat the question for hours. */
const patienceMilliseconds = 20_000;

type Done<R> = (error: grpc.ServiceError | null, response: R) => void;

/** A connection to one running provider. */
export class ProviderClient {
  readonly #client: providerGrpc.ResourceProviderClient;

  private constructor(port: number) {
    this.#client = new providerGrpc.ResourceProviderClient(`127.0.0.1:${port}`, grpc.credentials.createInsecure(), {
      "grpc.max_receive_message_length": -1,
      "grpc.enable_http_proxy": 0,
    });
  }

  /** Connects and configures. @param settings inputs of the provider resource, as the state has them */
  static async connect(port: number, settings: Properties): Promise<ProviderClient> {
    const client = new ProviderClient(port);
    const request = new provider.ConfigureRequest();
    request.setArgs(struct.Struct.fromJavaScript(settings));
    for (const [key, value] of Object.entries(settings)) request.getVariablesMap().set(`aws:config:${key}`, String(value));
    request.setAcceptsecrets(true).setAcceptresources(true).setSendsOldInputs(true);
    await call<provider.ConfigureResponse>((done) => client.#client.configure(request, done));
    return client;
  }

  /** @param before inputs that the resource has; none for a new one */
  async check(urn: string, before: Properties | undefined, wanted: Properties): Promise<CheckAnswer> {
    const request = new provider.CheckRequest();
    request.setUrn(urn).setNews(struct.Struct.fromJavaScript(wanted)).setRandomseed(new Uint8Array(32));
    if (before !== undefined) request.setOlds(struct.Struct.fromJavaScript(before));
    const response = await answer<provider.CheckResponse>((done) => this.#client.check(request, done));
    if (response instanceof Error) return { inputs: wanted, failures: [{ property: "", reason: response.message }] };
    return {
      inputs: (response.getInputs()?.toJavaScript() ?? {}) as Properties,
      failures: response.getFailuresList().map((failure) => failureOf(urn, failure.getProperty(), failure.getReason())),
    };
  }

  /** @param wanted inputs as `check` answered them */
  async diff(known: KnownResource, wanted: Properties): Promise<DiffAnswer> {
    const request = new provider.DiffRequest();
    request.setUrn(known.urn).setId(known.id);
    request.setOlds(struct.Struct.fromJavaScript(known.outputs)).setOldInputs(struct.Struct.fromJavaScript(known.inputs));
    request.setNews(struct.Struct.fromJavaScript(wanted));
    const deadline = Date.now() + patienceMilliseconds;
    const response = await answer<provider.DiffResponse>((done) => this.#client.diff(request, new grpc.Metadata(), { deadline }, done));
    if (response instanceof Error)
      return { changes: false, replaces: [], paths: [], deleteBeforeReplace: false, refused: response.message };
    return {
      changes: response.getChanges() === provider.DiffResponse.DiffChanges.DIFF_SOME,
      replaces: response.getReplacesList(),
      paths: [...response.getDetaileddiffMap().keys()],
      deleteBeforeReplace: response.getDeletebeforereplace(),
    };
  }

  close(): void {
    this.#client.close();
  }
}

/** As `call`, with what the provider says against it instead of an exception. */
function answer<R>(start: (done: Done<R>) => unknown): Promise<R | Error> {
  return call(start).catch((error: unknown) => (error instanceof Error ? error : new Error(String(error))));
}

function call<R>(start: (done: Done<R>) => unknown): Promise<R> {
  return new Promise((resolve, reject) => {
    start((error, response) => (error === null ? resolve(response) : reject(error)));
  });
}

/** The bridge names the property at the end of its text, after the resource's name. */
function failureOf(urn: string, property: string, reason: string): Failure {
  const place = reason.match(/Examine values at '([^']*)'\.$/)?.[1] ?? "";
  const name = urn.split("::").slice(3).join("::");
  const path = place.startsWith(name) ? place.slice(name.length).replace(/^\./, "") : place;
  return { property: property === "" ? path : property, reason };
}
