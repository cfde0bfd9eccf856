// Runs Node.js in this process's place: with its terminal, its signals and its exit code. Plain JavaScript, as what uses it.
import { spawn } from "node:child_process";

const signals = ["SIGINT", "SIGTERM", "SIGHUP"];

/**
 * Runs it and ends as it ends. A signal is handed on and its end awaited: an engine that is left alone goes on without anybody.
 * @param {string} node path of the binary
 * @param {readonly string[]} args
 * @param {NodeJS.ProcessEnv} env
 */
export async function handOver(node, args, env) {
  const child = spawn(node, args, { stdio: "inherit", env });
  // At a terminal, Ctrl-C reaches the child by itself.
  /** @param {NodeJS.Signals} signal */
  const handOn = (signal) => (signal === "SIGINT" && process.stdin.isTTY ? undefined : child.kill(signal));
  for (const signal of signals) process.on(signal, handOn);
  const { code, signal } = await new Promise((resolve, reject) => {
    child.once("error", reject);
    child.once("exit", (code, signal) => resolve({ code, signal }));
  });
  for (const one of signals) process.off(one, handOn);
  if (signal === null) process.exit(code ?? 1);
  process.kill(process.pid, signal);
}
