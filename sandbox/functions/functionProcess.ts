/** A Lambda function of the simulated cloud, run for real: its archived code, its environment, AWS's own client. */
import { type ChildProcess, fork } from "node:child_process";
import { createHash } from "node:crypto";
import { mkdirSync, rmSync, symlinkSync, writeFileSync } from "node:fs";
import { createRequire } from "node:module";
import { dirname, join } from "node:path";
import type { LiveObject } from "../cloud/liveStore.ts";
import { isObject, type Properties } from "../provider/values.ts";

/** What came of one invocation. */
export type Invocation = { readonly result: unknown } | { readonly error: string };

/** Where a function runs. */
export interface FunctionPlace {
  /** Folder of the sandbox; code is unpacked below it. */
  readonly folder: string;
  /** Address of the API that its client speaks to. */
  readonly apiUrl: string;
  /** Key that the client signs with. @default "sandbox" */
  readonly accessKeyId?: string;
}

/** One warm process. It ends with `stop`; an invocation in flight then fails, as when Lambda's runtime exits. */
export class FunctionProcess {
  readonly #child: ChildProcess;
  readonly #timeoutMilliseconds: number;

  private constructor(child: ChildProcess, timeoutSeconds: number) {
    this.#child = child;
    this.#timeoutMilliseconds = timeoutSeconds * 1000;
  }

  /** @param live the function in the live store @throws Error when its code cannot be loaded */
  static async start(live: LiveObject, { folder, apiUrl, accessKeyId = "sandbox" }: FunctionPlace): Promise<FunctionProcess> {
    const { name, handler, environment, timeout } = live.properties;
    const [module = "index", exported = "handler"] = String(handler).split(".");
    const code = unpack(live, folder);
    const variables = isObject(environment) && isObject(environment.variables) ? environment.variables : {};
    const child = fork(join(import.meta.dirname, "host.mjs"), [join(code, `${module}.mjs`), exported], {
      stdio: ["ignore", "ignore", "pipe", "ipc"],
      // Nothing of the person's own environment: neither credentials nor proxies.
      env: {
        PATH: process.env.PATH ?? "",
        AWS_REGION: String(live.properties.region ?? ""),
        AWS_ENDPOINT_URL: apiUrl,
        AWS_ACCESS_KEY_ID: accessKeyId,
        AWS_SECRET_ACCESS_KEY: "sandbox",
        AWS_EC2_METADATA_DISABLED: "true",
        AWS_CONFIG_FILE: "/dev/null",
        AWS_SHARED_CREDENTIALS_FILE: "/dev/null",
        AWS_LAMBDA_FUNCTION_NAME: String(name),
        ...Object.fromEntries(Object.entries(variables).map(([key, value]) => [key, String(value)])),
      },
    });
    let said = "";
    child.stderr?.on("data", (text: Buffer) => {
      said += text.toString();
    });
    await new Promise<void>((resolve, reject) => {
      child.once("message", () => resolve());
      child.once("exit", () => reject(new Error(`${name} cannot be loaded:\n${said}`)));
    });
    child.removeAllListeners("exit");
    return new FunctionProcess(child, Number(timeout ?? 3));
  }

  /** Hands over one event and waits for its end. Never throws for a failing function. */
  invoke(event: unknown): Promise<Invocation> {
    const child = this.#child;
    if (!this.alive) return Promise.resolve({ error: "Runtime exited" });
    return new Promise((resolve) => {
      const finish = (answer: Invocation) => {
        clearTimeout(timer);
        child.off("message", onMessage).off("exit", onExit);
        resolve(answer);
      };
      const timer = setTimeout(() => {
        this.stop();
        finish({ error: `Task timed out after ${this.#timeoutMilliseconds / 1000} seconds` });
      }, this.#timeoutMilliseconds);
      const onMessage = (message: unknown) => finish(message as Invocation);
      const onExit = () => finish({ error: "Runtime exited" });
      child.on("message", onMessage).on("exit", onExit).send({ event });
    });
  }

  /** Whether it can take events. */
  get alive(): boolean {
    return this.#child.exitCode === null && this.#child.signalCode === null && this.#child.connected;
  }

  stop(): void {
    this.#child.kill("SIGKILL");
  }
}

/** Unpacks the code of a function. @returns the folder @throws Error for code that is not text */
function unpack({ properties }: LiveObject, folder: string): string {
  const { code, name } = properties;
  const assets = isObject(code) && isObject(code.assets) ? code.assets : undefined;
  if (assets === undefined) throw new Error(`${name} has no code that the sandbox can run`);
  const files = Object.entries(assets).map(([file, asset]) => [file, textOf(asset as Properties, file)] as const);
  const hash = createHash("sha256").update(JSON.stringify(files)).digest("hex").slice(0, 12);
  const home = join(folder, "functions");
  const here = join(home, `${name}-${hash}`);
  mkdirSync(here, { recursive: true });
  for (const [file, text] of files) writeFileSync(join(here, file), text);
  linkClients(home);
  return here;
}

function textOf(asset: Properties, file: string): string {
  if (typeof asset.text === "string") return asset.text;
  throw new Error(`the sandbox runs functions whose code is text; ${file} is not`);
}

/** Lambda brings AWS's clients; here they come from this program's own packages. */
function linkClients(home: string): void {
  const client = createRequire(import.meta.url).resolve("@aws-sdk/client-ssm/package.json");
  const packages = dirname(dirname(dirname(client)));
  const link = join(home, "node_modules");
  rmSync(link, { force: true });
  symlinkSync(packages, link, "dir");
}
