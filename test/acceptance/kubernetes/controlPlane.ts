/** A Kubernetes control plane on loopback: etcd, API server, controllers, scheduler, and KWOK in the place of the kubelets. */
import { type ChildProcess, spawn } from "node:child_process";
import { generateKeyPairSync } from "node:crypto";
import { closeSync, mkdirSync, openSync, readFileSync, writeFileSync } from "node:fs";
import { type AddressInfo, createServer, type Server } from "node:net";
import { join } from "node:path";
import { setTimeout as pause } from "node:timers/promises";
import { Health, KubeConfig, type User, VersionApi } from "@kubernetes/client-node";
import { type TestAuthority, testAuthority } from "../../harness/testCertificate.ts";
import type { Binaries, Command } from "./binaries.ts";

/** Name of the only context of a kubeconfig made here. */
export const context = "acceptance";

/** How long the API server may take until it answers, milliseconds. */
const longestStart = 180_000;

export interface ControlPlaneOptions {
  readonly binaries: Binaries;
  /** Holds data, keys and what the programs said. */
  readonly folder: string;
  /** Files that tell KWOK how nodes and pods get ready. */
  readonly stages: readonly string[];
}

/** One control plane. It is empty but for what it makes itself, and ends with `stop`. */
export class ControlPlane {
  readonly #options: ControlPlaneOptions;
  readonly #authority: TestAuthority = testAuthority({ commonName: "cluster" });
  readonly #admin = this.#authority.issue({ commonName: "admin", organization: "system:masters" });
  readonly #children: { readonly name: string; readonly child: ChildProcess }[] = [];
  #port = 0;

  constructor(options: ControlPlaneOptions) {
    this.#options = options;
  }

  /** Address of the API server. @param host another name of this machine that its certificate is valid for. @default its address */
  server(host: "127.0.0.1" | "localhost" = "127.0.0.1"): string {
    return `https://${host}:${this.#port}`;
  }

  /** The administrator's way to it. */
  get admin(): KubeConfig {
    const { key, cert } = this.#admin;
    return this.kubeconfig({ name: "admin", certData: base64(cert), keyData: base64(key) });
  }

  /** @param server address in it. @default the one that the API server has */
  kubeconfig(user: User, server = this.server()): KubeConfig {
    const config = new KubeConfig();
    config.loadFromOptions({
      clusters: [{ name: context, server, caData: base64(this.#authority.cert), skipTLSVerify: false }],
      users: [user],
      contexts: [{ name: context, cluster: context, user: user.name }],
      currentContext: context,
    });
    return config;
  }

  /**
   * Starts everything and waits until the API answers.
   * @returns the API server's version
   * @throws Error with what a program said that ended
   */
  async start(): Promise<string> {
    const { stages, binaries } = this.#options;
    const { controlPlane, nodes } = binaries;
    const [data = 0, peers = 0, port = 0, controllers = 0, scheduler = 0, kubelets = 0] = await freePorts(6);
    const [etcd, listen] = [`http://127.0.0.1:${data}`, ["--bind-address=127.0.0.1", "--secure-port"]];
    this.#port = port;
    const keys = this.#writeKeys();
    this.#start("etcd", controlPlane.etcd, [`--config-file=${this.#etcdConfig(etcd, `http://127.0.0.1:${peers}`)}`]);
    this.#start("kube-apiserver", controlPlane["kube-apiserver"], [
      ...[...listen, String(port), "--advertise-address=127.0.0.1", `--etcd-servers=${etcd}`, "--authorization-mode=RBAC"],
      ...[`--client-ca-file=${keys.authority}`, `--tls-cert-file=${keys.certificate}`, `--tls-private-key-file=${keys.key}`],
      ...["--service-cluster-ip-range=10.96.0.0/16", "--service-account-issuer=https://kubernetes.default.svc"],
      ...[`--service-account-key-file=${keys.accounts}`, `--service-account-signing-key-file=${keys.accounts}`],
    ]);
    const version = await this.#answers();
    const kubeconfig = `--kubeconfig=${keys.admin}`;
    this.#start("kube-controller-manager", controlPlane["kube-controller-manager"], [
      ...[kubeconfig, ...listen, String(controllers), "--leader-elect=false", "--use-service-account-credentials=true"],
      ...[`--service-account-private-key-file=${keys.accounts}`, `--root-ca-file=${keys.authority}`],
      "--horizontal-pod-autoscaler-sync-period=5s",
    ]);
    this.#start("kube-scheduler", controlPlane["kube-scheduler"], [kubeconfig, ...listen, String(scheduler), "--leader-elect=false"]);
    this.#start("kwok", nodes, [
      ...[kubeconfig, "--manage-all-nodes=true", "--node-lease-duration-seconds=40", "--node-ip=127.0.0.1"],
      ...[`--server-address=127.0.0.1:${kubelets}`, ...stages.map((file) => `--config=${file}`)],
    ]);
    return version;
  }

  /** Ends all programs at once. */
  stop(): void {
    for (const { child } of this.#children.splice(0)) {
      child.removeAllListeners("exit");
      child.kill("SIGKILL");
    }
  }

  /** Programs that have ended, with the last that they said; none as long as all is well. */
  ended(): string[] {
    const ended = this.#children.filter(({ child }) => child.exitCode !== null || child.signalCode !== null);
    return ended.map(({ name }) => `${name} ended: ${readFileSync(this.#log(name), "utf8").trim().split("\n").slice(-3).join("\n")}`);
  }

  async #answers(): Promise<string> {
    const [health, version] = [new Health(this.admin), this.admin.makeApiClient(VersionApi)];
    for (const end = Date.now() + longestStart; Date.now() < end; await pause(250)) {
      const ended = this.ended();
      if (ended.length > 0) throw new Error(ended.join("\n"));
      if (await health.readyz({}).catch(() => false)) return (await version.getCode()).gitVersion.replace(/^v/, "");
    }
    throw new Error(`The API server did not answer within ${longestStart / 1000} s: ${this.#log("kube-apiserver")}`);
  }

  #start(name: string, [program, ...words]: Command, flags: readonly string[]): void {
    const log = openSync(this.#log(name), "a");
    this.#children.push({ name, child: spawn(program, [...words, ...flags], { stdio: ["ignore", log, log], cwd: this.#options.folder }) });
    closeSync(log);
  }

  #log(name: string): string {
    return join(this.#options.folder, `${name}.log`);
  }

  #writeKeys() {
    const { privateKey } = generateKeyPairSync("rsa", { modulusLength: 2048 });
    const server = this.#authority.issue({ commonName: "kube-apiserver", hosts: ["127.0.0.1", "localhost", "10.96.0.1"] });
    return {
      authority: this.#write("authority.crt", this.#authority.cert),
      certificate: this.#write("server.crt", server.cert),
      key: this.#write("server.key", server.key),
      accounts: this.#write("accounts.key", privateKey.export({ type: "pkcs8", format: "pem" }).toString()),
      admin: this.#write("admin.json", this.admin.exportConfig()),
    };
  }

  #etcdConfig(clients: string, peers: string): string {
    const config = {
      ...{ name: "only", "data-dir": join(this.#options.folder, "etcd"), "initial-cluster": `only=${peers}`, "unsafe-no-fsync": true },
      ...{ "listen-client-urls": clients, "advertise-client-urls": clients },
      ...{ "listen-peer-urls": peers, "initial-advertise-peer-urls": peers },
    };
    return this.#write("etcd.json", JSON.stringify(config));
  }

  #write(name: string, text: string): string {
    const file = join(this.#options.folder, name);
    mkdirSync(this.#options.folder, { recursive: true });
    writeFileSync(file, text, { mode: 0o600 });
    return file;
  }
}

function base64(text: string): string {
  return Buffer.from(text).toString("base64");
}

/** Loopback ports that nobody listens on: all are held at once, so that no two are the same. */
async function freePorts(count: number): Promise<readonly number[]> {
  const held = await Promise.all(Array.from({ length: count }, listening));
  const ports = held.map((server) => (server.address() as AddressInfo).port);
  await Promise.all(held.map((server) => new Promise((resolve) => server.close(resolve))));
  return ports;
}

function listening(): Promise<Server> {
  return new Promise((resolve, reject) => {
    const server = createServer();
    server.once("error", reject).listen(0, "127.0.0.1", () => resolve(server));
  });
}
