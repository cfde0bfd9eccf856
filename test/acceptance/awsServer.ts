/** The AWS API server of one account, on a free loopback port. */
import { type ChildProcess, spawn } from "node:child_process";
import { closeSync, openSync, readFileSync } from "node:fs";
import { join } from "node:path";
import { createInterface } from "node:readline";
import { execa } from "execa";

export interface AwsServerOptions {
  /** Python with the server's packages. */
  readonly python: string;
  /** Account that every credential belongs to, 12 digits. */
  readonly account: string;
  readonly region: string;
  /** File for what the server says. */
  readonly log: string;
}

/** One operation of the AWS API: service and operation in the words of boto3, parameters in those of the API. */
export type AwsCall = readonly [service: string, operation: string, parameters: Readonly<Record<string, unknown>>];

/** A running server. It ends with `stop`, and by itself when this process ends in any other way. */
export class AwsServer {
  readonly #options: AwsServerOptions;
  readonly #child: ChildProcess;
  readonly #url: string;

  private constructor(options: AwsServerOptions, child: ChildProcess, url: string) {
    this.#options = options;
    this.#child = child;
    this.#url = url;
  }

  /** Starts a server and waits until it answers. @throws Error with what it said when it does not */
  static async start(options: AwsServerOptions): Promise<AwsServer> {
    const log = openSync(options.log, "a");
    const child = spawn(options.python, [join(import.meta.dirname, "aws_server.py"), "0", "--while-stdin-open"], {
      stdio: ["pipe", "pipe", log],
      // A certificate is issued after this many seconds; the server's own default is a minute.
      env: { ...process.env, MOTO_ACCOUNT_ID: options.account, MOTO_ACM_VALIDATION_WAIT: "1", PYTHONDONTWRITEBYTECODE: "1" },
    });
    closeSync(log);
    const url = await new Promise<string>((resolve, reject) => {
      if (child.stdout !== null) createInterface(child.stdout).once("line", resolve);
      child.once("error", reject);
      child.once("exit", () => reject(new Error(`The AWS API server ended at once:\n${readFileSync(options.log, "utf8")}`)));
    });
    return new AwsServer(options, child, url);
  }

  /** Whole environment in which everything that speaks to AWS speaks to this server, and nothing to a real account. */
  get environment(): Readonly<Record<string, string>> {
    return {
      ...withoutAccounts(process.env),
      AWS_CONFIG_FILE: "/dev/null",
      AWS_SHARED_CREDENTIALS_FILE: "/dev/null",
      AWS_ENDPOINT_URL: this.#url,
      AWS_REGION: this.#options.region,
      AWS_DEFAULT_REGION: this.#options.region,
      AWS_ACCESS_KEY_ID: "test",
      AWS_SECRET_ACCESS_KEY: "test",
      AWS_EC2_METADATA_DISABLED: "true",
      AWS_MAX_ATTEMPTS: "2",
      // S3 Control puts the account in front of the host name, which no resolver knows: a proxy is asked instead.
      HTTP_PROXY: this.#url,
      NO_PROXY: "127.0.0.1,localhost",
      // A switch of some builds of the provider: they ask again after 50 ms instead of seconds. Others do not know it.
      TF_AWS_FAST_WAIT: "1",
    };
  }

  /** Calls the API without the engine. @returns the answers, in the order of the calls */
  async call<T extends readonly unknown[]>(...calls: readonly AwsCall[]): Promise<T> {
    const { stdout } = await execa(this.#options.python, [join(import.meta.dirname, "aws_calls.py")], {
      input: JSON.stringify(calls),
      env: this.environment,
      extendEnv: false,
    });
    return JSON.parse(stdout) as T;
  }

  /** Keeps back the answer of the next call of an operation such as `ModifyRule`; its effect is there all the same. */
  async hold(operation: string): Promise<void> {
    await fetch(`${this.#url}/hold/${operation}`, { method: "POST" });
  }

  /** Waits until an answer is kept back. @throws Error after two minutes */
  async untilHeld(): Promise<void> {
    for (const end = Date.now() + 120_000; Date.now() < end; ) {
      const { held } = (await (await fetch(`${this.#url}/hold`)).json()) as { readonly held: boolean };
      if (held) return;
      await new Promise((resolve) => setTimeout(resolve, 20));
    }
    throw new Error("the operation to be held was not called within two minutes");
  }

  /** Lets everything go on. */
  async release(): Promise<void> {
    await fetch(`${this.#url}/hold`, { method: "DELETE" });
  }

  stop(): void {
    this.#child.removeAllListeners("exit");
    this.#child.kill("SIGKILL");
  }
}

/** The person's own environment but for what names accounts, backends and proxies. */
function withoutAccounts(environment: NodeJS.ProcessEnv): Record<string, string> {
  const named = /^(AWS_|PULUMI_|CLOUDFLARE_|SLIPWAY_(?!CACHE$))|^(HTTPS?|ALL|NO)_PROXY$/i;
  return Object.fromEntries(
    Object.entries(environment).flatMap(([key, value]) => (named.test(key) || value === undefined ? [] : [[key, value]])),
  );
}
