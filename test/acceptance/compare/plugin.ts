/** The real provider as a process of its own, without an engine. */
import { spawn } from "node:child_process";
import { createInterface } from "node:readline";

/** A running provider plugin. */
export interface Plugin {
  /** Loopback port of its gRPC service. */
  readonly port: number;
  readonly stop: () => void;
}

/** Starts a provider plugin and waits until it says where it listens. @throws Error when it ends before */
export async function startPlugin(file: string, environment: Readonly<Record<string, string>>): Promise<Plugin> {
  const child = spawn(file, [], { env: environment, stdio: ["ignore", "pipe", "ignore"] });
  const line = await new Promise<string>((resolve, reject) => {
    createInterface(child.stdout).once("line", resolve);
    child.once("error", reject);
    child.once("exit", (code) => reject(new Error(`the provider plugin ended at once, with exit code ${code}`)));
  });
  return { port: Number(line), stop: () => child.kill("SIGKILL") };
}
