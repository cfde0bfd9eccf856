/** The AWS API server, on a free loopback port, and the accounts on it. */
import { type ChildProcess, spawn } from "node:child_process";
import { closeSync, openSync, readFileSync } from "node:fs";
import { join } from "node:path";
import { createInterface } from "node:readline";
import { execa } from "execa";
import { withoutAccounts } from "./environment.ts";

export interface AwsServerOptions {
  /** Python with the server's packages. */
  readonly python: string;
  /** File for what the server says. */
  readonly log: string;
}

/** One operation of the AWS API: service and operation in the words of boto3, parameters in those of the API. */
export type AwsCall = readonly [service: string, operation: string, parameters: Readonly<Record<string, unknown>>];

/** One call that the server was asked. */
export interface JournalEntry {
  /** Name that the request was signed for: `elasticloadbalancing`. */
  readonly service: string;
  /** `ModifyRule`; method and path where a service names no operation. */
  readonly operation: string;
  /** User agent: `aws-sdk-js/…` of Slipway's commands, `aws-sdk-go…` of the provider's. */
  readonly agent: string;
  /** Seconds since 1970; the end is null for one that is under way. */
  readonly began: number;
  readonly ended: number | null;
}

/** Something that speaks to one account, with the credentials of an environment. */
export interface Caller {
  /** Whole environment of what speaks to AWS. */
  readonly environment: Readonly<Record<string, string>>;
  /** Calls the API without the engine. @returns the answers, in the order of the calls @throws Error when one is refused */
  call<T extends readonly unknown[]>(...calls: readonly AwsCall[]): Promise<T>;
  /** The same, with `{"Error": {"Code": …}}` in the place of an answer that is a refusal. */
  attempt(...calls: readonly AwsCall[]): Promise<readonly unknown[]>;
}

/** @param python with boto3 */
export function callerIn(environment: Caller["environment"], python: string): Caller {
  const ask = async (calls: readonly AwsCall[], ...flags: readonly string[]) => {
    const command = [join(import.meta.dirname, "aws_calls.py"), ...flags];
    const { stdout } = await execa(python, command, { input: JSON.stringify(calls), env: environment, extendEnv: false });
    return JSON.parse(stdout) as unknown;
  };
  return {
    environment,
    call: async <T extends readonly unknown[]>(...calls: readonly AwsCall[]) => (await ask(calls)) as T,
    attempt: async (...calls) => (await ask(calls, "--refusals")) as readonly unknown[],
  };
}

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
      // A certificate is issued after this many seconds; the server's own default is a minute. AWS's own policies are not there by default.
      env: { ...process.env, MOTO_ACM_VALIDATION_WAIT: "1", MOTO_IAM_LOAD_MANAGED_POLICIES: "true", PYTHONDONTWRITEBYTECODE: "1" },
    });
    closeSync(log);
    const url = await new Promise<string>((resolve, reject) => {
      if (child.stdout !== null) createInterface(child.stdout).once("line", resolve);
      child.once("error", reject);
      child.once("exit", () => reject(new Error(`The AWS API server ended at once:\n${readFileSync(options.log, "utf8")}`)));
    });
    return new AwsServer(options, child, url);
  }

  /** An account on the server, empty until something is made in it. @param account 12 digits */
  account(account: string, region: string): AwsAccount {
    return new AwsAccount(this, { python: this.#options.python, url: this.#url, account, region });
  }

  /** Makes a public DNS zone that stacks expect to find. @param zoneId id that it gets */
  async makeZone(account: string, zoneId: string, name: string): Promise<void> {
    await fetch(`${this.#url}/zones/${account}/${zoneId}/${name}`, { method: "PUT" });
  }

  /** Says how many seconds tasks take until they run, where a service is scaled. */
  async setPace(seconds: number): Promise<void> {
    await fetch(`${this.#url}/pace/${seconds}`, { method: "PUT" });
  }

  /** Every call of a service comes back so many seconds late from now on. @param service the name that requests are signed for: `monitoring` */
  async setLate(service: string, seconds: number): Promise<void> {
    await fetch(`${this.#url}/late/${service}/${seconds}`, { method: "PUT" });
  }

  /** Calls since the last time that somebody asked for them. */
  async takeJournal(): Promise<readonly JournalEntry[]> {
    return (await (await fetch(`${this.#url}/journal`, { method: "DELETE" })).json()) as readonly JournalEntry[];
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

interface AwsAccountOptions {
  readonly python: string;
  readonly url: string;
  readonly account: string;
  readonly region: string;
}

/** One account on a server. What is made in it is seen by no other. */
export class AwsAccount implements Caller {
  readonly server: AwsServer;
  readonly region: string;
  readonly #options: AwsAccountOptions;

  constructor(server: AwsServer, options: AwsAccountOptions) {
    this.server = server;
    this.region = options.region;
    this.#options = options;
  }

  /** Whole environment in which everything that speaks to AWS speaks to this account, and nothing to a real one. */
  get environment(): Readonly<Record<string, string>> {
    const { url, account, region } = this.#options;
    return {
      ...withoutAccounts(process.env),
      AWS_CONFIG_FILE: "/dev/null",
      AWS_SHARED_CREDENTIALS_FILE: "/dev/null",
      AWS_ENDPOINT_URL: url,
      AWS_REGION: region,
      AWS_DEFAULT_REGION: region,
      // The server reads the account from the key, which has the 20 characters of a real one.
      AWS_ACCESS_KEY_ID: `AKIATEST${account}`,
      AWS_SECRET_ACCESS_KEY: "test",
      AWS_EC2_METADATA_DISABLED: "true",
      AWS_MAX_ATTEMPTS: "2",
      // S3 Control puts the account in front of the host name, which no resolver knows: a proxy is asked instead.
      HTTP_PROXY: url,
      NO_PROXY: "127.0.0.1,localhost",
      // A switch of some builds of the provider: they ask again after 50 ms instead of seconds. Others do not know it.
      TF_AWS_FAST_WAIT: "1",
    };
  }

  call<T extends readonly unknown[]>(...calls: readonly AwsCall[]): Promise<T> {
    return callerIn(this.environment, this.#options.python).call<T>(...calls);
  }

  attempt(...calls: readonly AwsCall[]): Promise<readonly unknown[]> {
    return callerIn(this.environment, this.#options.python).attempt(...calls);
  }
}
