/**
 * A language host that the engine attaches to (`PULUMI_DEBUG_LANGUAGES`), in place of one that starts a Node.js process for
 * each run: the program, loaded once, runs in this process. What it declares goes to the engine as from a process of its own.
 */
import "../withoutTraces.ts"; // first: it changes the SDK that the others import
import { createRequire } from "node:module";
import { join } from "node:path";
import { pathToFileURL } from "node:url";
import grpc from "@grpc/grpc-js";
import { log, ResourceError, RunError, runtime } from "@pulumi/pulumi";
import { isGrpcError } from "@pulumi/pulumi/errors.js";
import languageGrpc from "@pulumi/pulumi/proto/language_grpc_pb.js";
import language from "@pulumi/pulumi/proto/language_pb.js";
import plugin from "@pulumi/pulumi/proto/plugin_pb.js";

/** The SDK's own way to keep the settings of one run apart from those of the next; its declaration files leave it out. */
const { withLocalStorage } = createRequire(import.meta.url)("@pulumi/pulumi/runtime/state.js") as {
  readonly withLocalStorage: <T>(run: () => Promise<T>) => Promise<T>;
};

/** An entry point. It is loaded anew for each run, since it may look at the environment; what it imports is loaded once. */
interface Main {
  readonly default: () => Promise<Readonly<Record<string, unknown>>>;
}

let runs = 0;

/** Programs that run now. */
const running = new Set<language.RunRequest>();

/** Errors of programs that the engine has been told. */
const told = new WeakSet<object>();

type Call<Request> = grpc.ServerUnaryCall<Request, unknown>;
type Answer = grpc.sendUnaryData<unknown>;

/** Serves programs on a loopback port. An error that is no program's ends the process. @returns the port */
export async function serveLanguageRuntime(): Promise<number> {
  for (const event of ["uncaughtException", "unhandledRejection"])
    process.on(event, (error: Error) => {
      // What was told, and calls to an engine that has ended, have nobody to tell.
      if (running.size > 0 || told.has(error) || isGrpcError(error)) return;
      console.error(error);
      process.exit(1);
    });
  const server = new grpc.Server({ "grpc.max_receive_message_length": -1, "grpc.max_send_message_length": -1 });
  let engine = "";
  server.addService(languageGrpc.LanguageRuntimeService as unknown as grpc.ServiceDefinition, {
    handshake: ({ request }: Call<language.LanguageHandshakeRequest>, answer: Answer) => {
      engine = request.getEngineAddress();
      answer(null, new language.LanguageHandshakeResponse());
    },
    getRequiredPackages: (_: unknown, answer: Answer) => answer(null, new language.GetRequiredPackagesResponse()),
    getRequiredPlugins: (_: unknown, answer: Answer) => answer(null, new language.GetRequiredPluginsResponse()),
    getPluginInfo: (_: unknown, answer: Answer) => answer(null, new plugin.PluginInfo()),
    run: (call: Call<language.RunRequest>, answer: Answer) => {
      const engineGone = new Promise<void>((resolve) => call.once("cancelled", () => resolve()));
      runProgram(call.request, engine, engineGone).then(
        (response) => answer(null, response),
        (error: unknown) => answer({ code: grpc.status.UNKNOWN, details: String(error) }),
      );
    },
  });
  return new Promise((resolve, reject) => {
    server.bindAsync("127.0.0.1:0", grpc.ServerCredentials.createInsecure(), (error, port) =>
      error === null ? resolve(port) : reject(error),
    );
  });
}

/**
 * One run, with the settings and the config that a process of its own would find in its environment.
 * @param engineGone the engine was killed: a process of its own would end with it
 */
async function runProgram(request: language.RunRequest, engine: string, engineGone: Promise<void>): Promise<language.RunResponse> {
  const response = new language.RunResponse();
  const info = request.getInfo();
  const main = join(info?.getProgramDirectory() ?? request.getPwd(), info?.getEntryPoint() ?? request.getProgram());
  process.env.PULUMI_CONFIG_SECRET_KEYS = JSON.stringify(request.getConfigsecretkeysList());
  await withLocalStorage(async () => {
    runtime.resetOptions(
      request.getProject(),
      request.getStack(),
      request.getParallel(),
      engine,
      request.getMonitorAddress(),
      request.getDryrun(),
      request.getOrganization(),
    );
    runtime.setAllConfig(Object.fromEntries(request.getConfigMap().entries()), request.getConfigsecretkeysList());
    const messages: Promise<void>[] = [];
    const tell = (error: unknown) => {
      response.setBail(true); // the engine knows why
      if (!isTold(error)) messages.push(tellEngine(error));
    };
    running.add(request);
    process.on("uncaughtException", tell).on("unhandledRejection", tell);
    try {
      const program = runtime.runInPulumiStack(async () => {
        runs += 1;
        const { default: declare } = (await import(`${pathToFileURL(main).href}?run=${runs}`)) as Main;
        return declare();
      });
      await Promise.race([program.then(() => runtime.disconnect()), engineGone]);
    } catch (error) {
      tell(error);
    } finally {
      await Promise.allSettled(messages); // before the engine hears that the run is over
      running.delete(request);
      process.off("uncaughtException", tell).off("unhandledRejection", tell);
    }
  });
  return response;
}

/** Remembers the error: it comes back, once for each promise that it rejected, also after the run. */
function isTold(error: unknown): boolean {
  if (typeof error !== "object" || error === null) return false;
  if (told.has(error)) return true;
  told.add(error);
  return false;
}

/** As the SDK's own start script says it. */
function tellEngine(error: unknown): Promise<void> {
  if (RunError.isInstance(error)) return log.error(error.message);
  if (ResourceError.isInstance(error)) return log.error(error.hideStack ? error.message : (error.stack ?? error.message), error.resource);
  return log.error(`Running program failed with an unhandled exception:\n${error instanceof Error ? error.stack : String(error)}`);
}
