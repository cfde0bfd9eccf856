/**
 * Asks from inside the network whether what the services depend on answers, and writes one line of metrics for each. It runs
 * on AWS Lambda, on nothing but Node.js and the SDK that Lambda carries. No credentials of a store are used or needed.
 */
import net from "node:net";
import tls from "node:tls";
import { documentDbAnswered, documentDbHello, postgresAnswer, postgresHello, postgresStartup } from "./protocols.mjs";

/**
 * @typedef {{ readonly kind: "postgres" | "documentdb" | "cache" | "tcp", readonly host: string, readonly port: number }} Server
 * @typedef {{ readonly kind: "jsonRpc", readonly parameter: string, readonly method: string }} Rpc `parameter` names where the URL is kept.
 * @typedef {Server | Rpc} Target
 *
 * @typedef {object} Surroundings What tests give in place of the cloud's.
 * @property {number} [timeoutMilliseconds]
 * @property {string} [ca] Certificate of an authority, PEM, instead of those that Node.js knows.
 * @property {(name: string) => Promise<string>} [readParameter]
 */

/** Namespace of the metrics. */
export const namespace = "Slipway/Reachability";

// Lambda carries the SDK; it is named apart from the import so that no bundler looks for it.
const sdk = "@aws-sdk/client-ssm";

/** @param {string} name */
async function readFromParameterStore(name) {
  const { SSMClient, GetParameterCommand } = await import(sdk);
  const { Parameter } = await new SSMClient({}).send(new GetParameterCommand({ Name: name, WithDecryption: true }));
  return String(Parameter?.Value ?? "");
}

/**
 * A socket that is open, or an error; closed when the signal says so.
 *
 * @param {net.Socket} socket
 * @param {"connect" | "secureConnect"} opened
 * @param {AbortSignal} signal
 */
function open(socket, opened, signal) {
  return /** @type {Promise<void>} */ (
    new Promise((resolve, reject) => {
      signal.addEventListener("abort", () => socket.destroy(new Error("no answer in time")));
      socket.once("error", reject);
      socket.once(opened, () => resolve());
    })
  );
}

/**
 * Bytes of the answer, as soon as `enough` says so.
 *
 * @param {net.Socket} socket
 * @param {Uint8Array | string} request
 * @param {(answer: Buffer) => boolean} enough
 * @returns {Promise<Buffer>}
 */
function ask(socket, request, enough) {
  return new Promise((resolve, reject) => {
    let answer = Buffer.alloc(0);
    const take = (/** @type {Buffer} */ part) => {
      answer = Buffer.concat([answer, part]);
      try {
        if (enough(answer)) done(() => resolve(answer));
      } catch (error) {
        done(() => reject(error));
      }
    };
    const fail = (/** @type {Error} */ error) => done(() => reject(error));
    const close = () => done(() => reject(new Error("closed without an answer")));
    const done = (/** @type {() => void} */ settle) => {
      socket.off("data", take).off("error", fail).off("close", close);
      settle();
    };
    socket.on("data", take).on("error", fail).on("close", close);
    socket.write(request);
  });
}

/**
 * @param {Server} target
 * @param {Surroundings} surroundings
 * @param {AbortSignal} signal
 */
async function askServer({ kind, host, port }, { ca }, signal) {
  const trust = { servername: net.isIP(host) === 0 ? host : "", ...(ca === undefined ? {} : { ca }) };
  /** @type {net.Socket} */
  let socket = kind === "postgres" || kind === "tcp" ? net.connect(port, host) : tls.connect({ host, port, ...trust });
  try {
    await open(socket, socket instanceof tls.TLSSocket ? "secureConnect" : "connect", signal);
    if (kind === "postgres") {
      const secured = await ask(socket, postgresHello, ({ length }) => length > 0);
      if (secured.toString("latin1") === "S") {
        const plain = socket;
        socket = tls.connect({ socket: plain, ...trust });
        await open(socket, "secureConnect", signal);
      }
      const verdict = postgresAnswer(await ask(socket, postgresStartup, (answer) => postgresAnswer(answer) !== undefined));
      if (verdict !== "accepting") throw new Error(verdict);
    }
    if (kind === "documentdb") await ask(socket, documentDbHello, documentDbAnswered);
    if (kind === "cache") {
      const said = (await ask(socket, "PING\r\n", (answer) => answer.includes("\r\n"))).toString("latin1");
      // Whoever asks for a password is there; one that still loads its data is not.
      if (!said.startsWith("+PONG") && !said.startsWith("-NOAUTH")) throw new Error(`the cache says ${said.trim()}`);
    }
  } finally {
    socket.destroy();
  }
}

/**
 * @template T
 * @param {Promise<T>} work
 * @param {AbortSignal} signal
 * @returns {Promise<T>}
 */
function inTime(work, signal) {
  return Promise.race([work, new Promise((_, reject) => signal.addEventListener("abort", () => reject(new Error("no answer in time"))))]);
}

/**
 * @param {Rpc} target
 * @param {Surroundings} surroundings
 * @param {AbortSignal} signal
 */
async function askRpc({ parameter, method }, { readParameter = readFromParameterStore }, signal) {
  const url = await inTime(readParameter(parameter), signal);
  const body = JSON.stringify({ jsonrpc: "2.0", method, params: [], id: 1 });
  const answer = await fetch(url, { method: "POST", headers: { "content-type": "application/json" }, body, signal }).catch(() => {
    throw new Error("no answer"); // its own words would tell the address, which may carry a key
  });
  if (!answer.ok) throw new Error(`status ${answer.status}`);
  const said = /** @type {{ result?: unknown, error?: { code?: unknown } } | null} */ (await answer.json().catch(() => null));
  if (typeof said?.result !== "string" || !/^0x[0-9a-f]+$/i.test(said.result))
    throw new Error(said?.error === undefined ? "no block number in the answer" : `error ${String(said.error.code)}`);
}

/**
 * Asks one target. Never throws: what is wrong is part of the answer, without addresses or secrets.
 *
 * @param {Target} target
 * @param {Surroundings} [surroundings]
 * @returns {Promise<{ readonly reachable: boolean, readonly milliseconds: number, readonly reason?: string }>}
 */
export async function probe(target, surroundings = {}) {
  const started = performance.now();
  const signal = AbortSignal.timeout(surroundings.timeoutMilliseconds ?? 5000);
  const took = () => Math.round(performance.now() - started);
  try {
    await (target.kind === "jsonRpc" ? askRpc(target, surroundings, signal) : askServer(target, surroundings, signal));
    return { reachable: true, milliseconds: took() };
  } catch (error) {
    const reason = signal.aborted ? "no answer in time" : error instanceof Error ? error.message : String(error);
    return { reachable: false, milliseconds: took(), reason };
  }
}

/**
 * One line in CloudWatch's embedded metric format.
 *
 * @param {string} stack
 * @param {string} name
 * @param {Awaited<ReturnType<typeof probe>>} answer
 * @param {number} now
 */
export function metricLine(stack, name, { reachable, milliseconds, reason }, now) {
  const metrics = [{ Name: "Reachable", Unit: "None" }, ...(reachable ? [{ Name: "AnswerTime", Unit: "Milliseconds" }] : [])];
  return JSON.stringify({
    _aws: { Timestamp: now, CloudWatchMetrics: [{ Namespace: namespace, Dimensions: [["Stack", "Target"]], Metrics: metrics }] },
    Stack: stack,
    Target: name,
    Reachable: reachable ? 1 : 0,
    ...(reachable ? { AnswerTime: milliseconds } : { reason }),
  });
}

/** Asks all targets at once and writes a line for each. The environment names them: `STACK`, and `TARGETS` as JSON by name. */
export async function handler() {
  /** @type {Record<string, Target>} */
  const targets = JSON.parse(process.env.TARGETS ?? "{}");
  const lines = await Promise.all(
    Object.entries(targets).map(async ([name, target]) => metricLine(process.env.STACK ?? "", name, await probe(target), Date.now())),
  );
  // Not `console.log`: Lambda would put time and request before the line, and CloudWatch would read no metric in it.
  process.stdout.write(`${lines.join("\n")}\n`);
}
